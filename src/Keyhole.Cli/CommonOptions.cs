using System.CommandLine;

namespace Keyhole.Cli;

/// <summary>Arguments and options that several commands have, each made anew for its command.</summary>
internal static class CommonOptions
{
    /// <summary>The model's path.</summary>
    public static Argument<string> Model() => new("MODEL") { Description = "A model: a folder in Hugging Face layout or a .gguf file." };

    /// <summary>The study's path.</summary>
    public static Argument<string> Study() => new("STUDY") { Description = "A study file, as 'keyhole mine' writes it." };
}
