namespace Keyhole.Engine.Capture;

/// <summary>Changes values of a forward pass before observers see them and before the model goes on with them. Calls come from several threads at once, each for rows of its own.</summary>
/// <remarks>
/// What a pass gives for a row may depend on the row and its text alone, as without an intervention; then neither batch, tiles nor threads change a bit of it. A change
/// behind the last layer that is observed is not seen, and not made.
/// </remarks>
public interface IForwardIntervention
{
    /// <summary>Whether it changes coefficients of a layer; where it does not, it costs nothing.</summary>
    /// <param name="layer">Layer, from 0.</param>
    bool ChangesMemories(int layer);

    /// <summary>Changes coefficients, the values of <see cref="MemoryTile.Post"/>, in place; pre-activations are there to be read where the tile has them.</summary>
    /// <param name="tile">Coefficients of a range of memories for a range of rows; of experts those rows alone that chose them.</param>
    void ChangeMemories(in MemoryTile tile);
}
