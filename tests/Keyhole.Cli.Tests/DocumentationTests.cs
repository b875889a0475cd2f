using System.Text.RegularExpressions;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public class DocumentationTests
{
    private const string TestCommand = "dotnet test -c Release";
    private const string DemoCommand = "dotnet run -c Release --project src/Keyhole.Cli -- demo";

    public static TheoryData<string> CommandNames => CommandLineTests.CommandNames;

    [Fact]
    public void The_readmes_first_commands_are_the_demo_and_the_tests()
    {
        string[] blocks = [.. Regex.Matches(Read("README.md"), "```sh\n(.*?)\n```", RegexOptions.Singleline).Select(match => match.Groups[1].Value)];
        Assert.Equal(DemoCommand, blocks[0]);
        Assert.Equal(TestCommand, blocks[1]);
    }

    [Fact]
    public void Ci_calls_the_readmes_test_command()
        => Assert.Contains(Read(".ci", "run").Split('\n'), line => line == $"{TestCommand} || status=1");

    [Theory]
    [MemberData(nameof(CommandNames))]
    public void The_reference_holds_the_help_of_every_command(string name)
    {
        string page = KeyholeProcess.Run(name, "--help").Output.TrimEnd('\n');
        Assert.True(Read("docs", "commands.md").Contains($"## keyhole {name}\n\n```text\n{page}\n```", StringComparison.Ordinal),
            $"The help of '{name}' has changed: write the reference anew with '.ci/commands-page > docs/commands.md'.");
    }

    [Fact]
    public void Every_code_of_the_command_is_explained()
    {
        string[] files = Directory.GetFiles(Path.Combine(SharedData.Repository, "src", "Keyhole.Cli"), "*.cs", SearchOption.AllDirectories);
        string[] codes = [.. files.SelectMany(file => Regex.Matches(File.ReadAllText(file), "\"(KH6[0-9]{3})\"")).Select(match => match.Groups[1].Value).Distinct()];
        Assert.NotEmpty(codes);
        string page = Read("docs", "errors.md");
        Assert.All(codes, code => Assert.Contains($"\n| {code} |", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Links_between_pages_lead_somewhere()
    {
        string[] pages = ["README.md", "CONTRIBUTING.md", .. Directory.GetFiles(Path.Combine(SharedData.Repository, "docs"), "*.md", SearchOption.AllDirectories)];
        foreach (string page in pages)
        {
            string full = Path.GetFullPath(page, SharedData.Repository);
            foreach (Match link in Regex.Matches(File.ReadAllText(full), @"\]\(([^)#:]+)(#[^)]*)?\)"))
            {
                string target = Path.GetFullPath(link.Groups[1].Value, Path.GetDirectoryName(full)!);
                Assert.True(File.Exists(target) || Directory.Exists(target), $"{page} links to {link.Groups[1].Value}, which does not exist.");
            }
        }
    }

    private static string Read(params string[] parts) => File.ReadAllText(Path.Combine([SharedData.Repository, .. parts]));
}
