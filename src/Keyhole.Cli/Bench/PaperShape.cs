namespace Keyhole.Cli.Bench;

/// <summary>A model of the paper's shape with random weights: 16 layers of 4,096 memories, 1,024 wide, a plain dense output embedding of 267,744 tokens.</summary>
internal static class PaperShape
{
    private static readonly RandomOpt s_model = new(Layers: 16, Width: 1024, Heads: 8, Memories: 4096, Vocabulary: 267_744, Context: 512);

    /// <summary>Writes the model into a folder: about 950 MB of halves.</summary>
    public static void Write(string folder, IProgress<double>? progress, CancellationToken stop) => s_model.Write(folder, progress, stop);
}
