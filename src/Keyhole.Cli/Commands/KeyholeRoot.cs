using System.CommandLine;
using System.CommandLine.Help;

namespace Keyhole.Cli.Commands;

/// <summary>The command <c>keyhole</c> with all its subcommands.</summary>
internal static class KeyholeRoot
{
    /// <summary>The root command; each subcommand is a <see cref="KeyholeCommand"/>.</summary>
    public static RootCommand Create(GlobalOptions global)
    {
        var root = new RootCommand("Opens the feed-forward layers of transformer language models as key-value memories.");
        global.AddTo(root);
        foreach (KeyholeCommand command in Commands())
        {
            root.Add(command);
        }
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Aliases.Remove("/h"); // "/h" may be a path.
        help.Aliases.Remove("/?");
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        VersionOption version = root.Options.OfType<VersionOption>().Single();
        version.Action = new VersionAction();
        return root;
    }

    private static KeyholeCommand[] Commands() =>
    [
        new DemoCommand(),
        new InspectCommand(),
        new TokenizeCommand(),
        new CaptureCommand(),
        new VerifyCommand(),
        new MineCommand(),
        new MergeCommand(),
        new PlanCommand(),
        new SlurmCommand(),
        new AnalyzeCommand(),
        new FeaturesCommand(),
        new ShowCommand(),
        new ReportCommand(),
        new SearchCommand(),
        new ClaimCommand(),
        new ServeCommand(),
        new ExportCommand(),
        new AnnotationsCommand(),
        new PatternsCommand(),
        new PerplexityCommand(),
        new StatsCommand(),
        new BenchCommand(),
    ];
}
