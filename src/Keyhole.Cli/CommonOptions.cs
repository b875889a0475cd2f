using System.CommandLine;
using Keyhole.Corpora;
using Keyhole.Mining;

namespace Keyhole.Cli;

/// <summary>Arguments and options that several commands have, each made anew for its command.</summary>
internal static class CommonOptions
{
    /// <summary>The model's path.</summary>
    public static Argument<string> Model() => new("MODEL") { Description = "A model: a folder or a file of weights, or org/name in a Hugging Face cache." };

    /// <summary>The study's path.</summary>
    public static Argument<string> Study() => new("STUDY") { Description = "A study file, as 'keyhole mine' writes it." };

    /// <summary>Where the model of a study is; null where it is not given.</summary>
    public static Option<string?> StudyModel() => new("--model", "-m") { Description = "Where the study's model is now. Default: where it was.", HelpName = "MODEL" };

    /// <summary>The seed of everything that is drawn.</summary>
    public static Option<ulong> Seed() => new("--seed") { Description = "Seed of every random choice.", HelpName = "S" };

    /// <summary>What a text is; null where it is not given, which is <see cref="UnitKind.Sentence"/>.</summary>
    public static Option<UnitKind?> Unit() => new("--unit") { Description = "What a text is: sentence, line or document. Default: sentence.", HelpName = "UNIT" };

    /// <summary>Whether texts begin with BOS; null where it is not given, which is <see cref="BosPolicy.Auto"/>.</summary>
    public static Option<BosPolicy?> Bos() => new("--bos") { Description = "BOS before each text: auto (as the tokenizer does), always or never. Default: auto.", HelpName = "POLICY" };

    /// <summary>The field of records that holds the text.</summary>
    public static Option<string> TextField() => new("--text-field") { Description = "Field of JSON records or CSV rows that holds the text; a.b reaches into objects.", HelpName = "NAME", DefaultValueFactory = _ => "text" };

    /// <summary>Worker threads; null where it is not given.</summary>
    public static Option<int?> Threads() => new Option<int?>("--threads", "-t") { Description = "Worker threads. Default: one a processor.", HelpName = "N" }.AtLeast(1);
}
