using System.CommandLine;
using Xunit;

namespace Keyhole.Cli.Tests;

public class EnvironmentDefaultsTests
{
    private static readonly Dictionary<string, string> Variables = new() { ["KEYHOLE_THREADS"] = "3", ["KEYHOLE_JSON"] = "yes", ["KEYHOLE_TEXT_FIELD"] = "-body" };

    [Fact]
    public void A_variable_stands_in_for_an_option_that_is_not_typed()
        => Assert.Equal(["work", "--json=True", "--threads=3", "--text-field=-body", "a", "--", "-b"], Applied("work", "a", "--", "-b"));

    [Fact]
    public void A_typed_option_wins()
        => Assert.Equal(["--json", "work", "--text-field=-body", "a", "-t", "7"], Applied("--json", "work", "a", "-t", "7"));

    [Fact]
    public void A_switch_takes_yes_or_no_only()
    {
        CommandResult result = KeyholeProcess.Run(new Dictionary<string, string> { ["KEYHOLE_QUIET"] = "perhaps" }, "", "inspect", "model");
        Assert.Equal(2, result.ExitStatus);
        Assert.Contains("The environment variable KEYHOLE_QUIET is 'perhaps'; it takes 1 or 0.", result.Error, StringComparison.Ordinal);
    }

    private static string[] Applied(params string[] arguments)
    {
        var global = new GlobalOptions();
        var root = new RootCommand();
        global.AddTo(root);
        root.Add(new WorkCommand());
        return EnvironmentDefaults.Apply(root.Parse(arguments), arguments, Variables.GetValueOrDefault);
    }

    private sealed class WorkCommand : KeyholeCommand
    {
        public WorkCommand()
            : base("work", "Works.")
        {
            Add(new Argument<string[]>("WORDS"));
            Add(new Option<int>("--threads", "-t"));
            Add(new Option<string>("--text-field"));
        }

        public override int Run(ParseResult options, CommandConsole console, CancellationToken stop) => ExitCode.Done;
    }
}
