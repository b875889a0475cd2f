namespace Keyhole.Memories;

/// <summary>One trigger example of a memory: a prefix, given by its last position, at which the memory fires.</summary>
/// <param name="Coefficient">m with its sign.</param>
/// <param name="Gate">The gate's pre-activation g at that position; NaN where the model is not gated.</param>
/// <param name="Unit">Index of the text unit in corpus order, from 0.</param>
/// <param name="Position">Last position of the prefix, counted in tokens of the unit from 0, BOS included.</param>
/// <param name="Target">Id of the token after the prefix; -1 where the unit ends there.</param>
/// <param name="RouterWeight">Of a memory of an expert the router's weight there, by which the memory's contribution is multiplied; 1 where the layer has no router.</param>
public readonly record struct Trigger(float Coefficient, float Gate, int Unit, int Position, int Target, float RouterWeight = 1)
{
    /// <summary>Whether the unit goes on after the prefix.</summary>
    public bool HasTarget => Target >= 0;
}
