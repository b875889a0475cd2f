using System.Globalization;
using System.Text.Json;

namespace Keyhole.Benchmarks;

/// <summary>Values over the vocabulary, and prefixes read at every layer, as shares of the rate of matrix products.</summary>
internal static class ValueParts
{
    private const string Product = "matrix products 480 x 768 x 3072, the faster of before and after";

    /// <summary>Measures.</summary>
    public static void Run(Suite suite)
    {
        string threads = suite.Threads.ToString(CultureInfo.InvariantCulture);
        if (suite.Has("values of SmolLM2", suite.SmolLM2, suite.WikiText))
        {
            if (!suite.Quick)
            {
                Add(suite, "all values of SmolLM2-135M, and agreement", suite.Keyhole("bench", suite.SmolLM2, "--values", "--threads", threads, "--quiet", "--json").Json);
            }

            string prefixes = suite.Quick ? "200" : "1000";
            JsonElement run = suite.Keyhole("bench", suite.SmolLM2, suite.WikiText, "--prefixes", prefixes, "--threads", threads, "--quiet", "--json").Json;
            suite.Add(new Figure("values", $"{prefixes} prefixes of WikiText read at every layer of SmolLM2-135M")
            {
                Value = run.GetProperty("tracedSeconds").GetDouble(),
                Unit = "s",
                Ratio = run.GetProperty("ratio").GetDouble(),
                To = "a plain forward pass of them and the readouts' own products at the machine's rate",
            });
        }

        Add(suite, "all values of mini, and agreement", suite.Keyhole("bench", suite.Mini, "--values", "--threads", threads, "--quiet", "--json").Json);
    }

    private static void Add(Suite suite, string what, JsonElement run) => suite.Add(new Figure("values", what)
    {
        Value = run.GetProperty("floatingPointOperations").GetDouble() / run.GetProperty("seconds").GetDouble() / 1e9,
        Unit = "Gflop/s",
        Ratio = run.GetProperty("valuesShareOfGemm").GetDouble(),
        To = Product,
    });
}
