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
    public void Every_code_is_explained_once_and_every_explained_code_exists()
    {
        string[] sources = Directory.GetFiles(Path.Combine(SharedData.Repository, "src"), "*.cs", SearchOption.AllDirectories);
        SortedSet<string> codes = [.. Found(sources, "\"(KH[0-9]{4})\"")];
        Assert.NotEmpty(codes);
        string[] pages = [Path.Combine(SharedData.Repository, "docs", "errors.md"), .. Directory.GetFiles(Path.Combine(SharedData.Repository, "docs", "errors"), "*.md")];
        string[] explained = [.. Found(pages, @"(?m)^\| (KH[0-9]{4}) \|")];
        string wrong = string.Join("; ", new (string Name, IEnumerable<string> Codes)[]
        {
            ("in the sources, not in docs/errors", codes.Except(explained)),
            ("in docs/errors, not in the sources", explained.Except(codes)),
            ("explained more than once", explained.GroupBy(code => code).Where(group => group.Count() > 1).Select(group => group.Key)),
        }.Where(list => list.Codes.Any()).Select(list => $"{list.Name}: {string.Join(", ", list.Codes.Order(StringComparer.Ordinal))}"));
        Assert.True(wrong.Length == 0, wrong);
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

    private static IEnumerable<string> Found(IEnumerable<string> files, string pattern)
        => files.SelectMany(file => Regex.Matches(File.ReadAllText(file), pattern)).Select(match => match.Groups[1].Value);

    private static string Read(params string[] parts) => File.ReadAllText(Path.Combine([SharedData.Repository, .. parts]));
}
