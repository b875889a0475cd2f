using Keyhole.Engine.Models;

namespace Keyhole.Values;

/// <summary>How the passes of an analysis treat memory.</summary>
internal static class PassOptions
{
    private const long MostKeptBytes = 128L << 20;

    /// <summary>Whether all packed layers of a model are kept between batches: where they are small. A larger model's layers are packed again for each batch, which its arithmetic repays.</summary>
    public static bool KeepsLayers(ModelSpec spec) => ForwardPass.PackedBytes(spec) <= MostKeptBytes;
}
