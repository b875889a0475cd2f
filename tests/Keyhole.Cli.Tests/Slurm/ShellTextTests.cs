using Keyhole.Cli.Slurm;
using Xunit;

namespace Keyhole.Cli.Tests.Slurm;

public class ShellTextTests
{
    private static readonly string[] Odd =
    [
        "", " ", "plain", "two words", "it's", "''", "\"", "\\", "$HOME", "`id`", "$(id)", "*", "~", "#x", "a;b", "a&b", "a|b", "a>b", "!x", "{a,b}", "[a]", "a=b", "-x", "ä 漢", "\t", "a\nb", "%3a", "\\'",
    ];

    [Fact]
    public void A_shell_reads_every_word_back()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The test needs a POSIX shell.");
        CommandResult read = KeyholeProcess.Shell($"for word in {ShellText.Words(Odd)}; do printf '%s\\0' \"$word\"; done");
        Assert.Equal(Odd, read.Output.Split('\0')[..^1]);
    }

    [Theory]
    [InlineData("4:00:00", "4:00:00")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("a \"b\" \\ c's", "\"a \\\"b\\\" \\\\ c's\"")]
    [InlineData("#1", "\"#1\"")]
    public void A_directives_value_is_quoted_where_it_must_be(string value, string written) => Assert.Equal(written, ShellText.DirectiveValue(value));
}
