using Keyhole.Cli;
using Xunit;

namespace Keyhole.Benchmarks.Tests;

public sealed class SuiteOptionsTests
{
    private static readonly string[] s_parts = ["one", "two"];

    [Fact]
    public void Nothing_runs_everything_on_all_processors()
    {
        SuiteOptions options = SuiteOptions.Parse([], s_parts);
        Assert.Equal((false, null, Environment.ProcessorCount, 0), (options.Quick, options.Json, options.Threads, options.Only.Count));
    }

    [Fact]
    public void All_options_together()
    {
        SuiteOptions options = SuiteOptions.Parse(["--only", "two", "--quick", "--json", "f.json", "--threads", "3", "--only", "one"], s_parts);
        Assert.Equal((true, "f.json", 3), (options.Quick, options.Json, options.Threads));
        Assert.Equal(["two", "one"], options.Only);
    }

    [Theory]
    [InlineData("'--only three': there is no such part; there are one, two.", "--only", "three")]
    [InlineData("'--only' needs the name of a part.", "--only")]
    [InlineData("'--threads 0': not a number from 1 to 1024.", "--threads", "0")]
    [InlineData("'--threads -1': not a number from 1 to 1024.", "--threads", "-1")]
    [InlineData("'--threads 2.5': not a number from 1 to 1024.", "--threads", "2.5")]
    [InlineData("'--threads 1025': not a number from 1 to 1024.", "--threads", "1025")]
    [InlineData("'--threads 99999999999': not a number from 1 to 1024.", "--threads", "99999999999")]
    [InlineData("'--threads' needs a number of threads.", "--quick", "--threads")]
    [InlineData("'--json' needs a file to write.", "--json")]
    [InlineData("'--fast' is no option of benchmarks/run.", "--fast")]
    [InlineData("'one' is no option of benchmarks/run.", "one")]
    public void A_wrong_word_is_named(string sentence, params string[] words)
        => Assert.Equal(sentence, Assert.Throws<UsageException>(() => SuiteOptions.Parse(words, s_parts)).Message);
}
