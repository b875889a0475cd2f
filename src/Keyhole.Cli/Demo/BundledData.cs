namespace Keyhole.Cli.Demo;

/// <summary>The model and the text that come with the command, beside its assembly.</summary>
internal static class BundledData
{
    /// <summary>Folder of the model.</summary>
    public static string Model { get; } = Path.Combine(AppContext.BaseDirectory, "models", "mini");

    /// <summary>The text, a sentence a line.</summary>
    public static string Corpus { get; } = Path.Combine(AppContext.BaseDirectory, "corpora", "mini.train-sample.txt");
}
