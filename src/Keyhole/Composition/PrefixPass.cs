using System.Globalization;
using Keyhole.Engine;
using Keyhole.Engine.Models;

namespace Keyhole.Composition;

/// <summary>The forward pass of a block of prefixes.</summary>
internal static class PrefixPass
{
    /// <summary>Runs a block.</summary>
    /// <param name="model">The model, for messages.</param>
    /// <param name="pass">Its forward pass.</param>
    /// <param name="block">The prefixes.</param>
    /// <param name="states">Takes what is shown at their last positions.</param>
    /// <param name="cancellation">Stops the pass.</param>
    /// <exception cref="InputRefusedException">KH3007, KH3008: a prefix does not fit the model; KH5304: NaN or infinity.</exception>
    public static void Run(Model model, ForwardPass pass, Prefix[] block, LastStates states, CancellationToken cancellation)
    {
        TokenBatch batch = TextBlocks.Pack(block.Select(prefix => prefix.Ids));
        states.Begin(batch);
        try
        {
            pass.Run(batch, states, cancellation);
        }
        catch (NotFiniteException failure)
        {
            throw new InputRefusedException("KH5304", string.Create(CultureInfo.InvariantCulture, $"{model.Path}: layer {failure.Layer} gives NaN or infinity on unit {block[failure.Text].Unit}, position {block[failure.Text].Position}. The weights hold such values, or overflow on this text; nothing is made of them."), failure);
        }
    }
}
