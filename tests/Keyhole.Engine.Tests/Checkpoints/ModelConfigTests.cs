using System.Text;
using Keyhole.Engine.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Checkpoints;

public sealed class ModelConfigTests
{
    private const string Sample = """
        {"model_type":"llama","hidden_size":576,"rms_norm_eps":1e-05,"tie_word_embeddings":true,"pad_token_id":null,"rope_theta":10000,"wide":4096.0,
         "rope_scaling":{"rope_type":"llama3","factor":8.0,"unseen":1},"attention_layers":["global","local"],"short_factor":[1,2.5],"layers":[1,2],"unseen":[]}
        """;

    [Fact]
    public void Values_are_typed_and_null_is_absent()
    {
        using TemporaryFolder folder = new();
        ModelConfig config = Load(folder, Sample);
        Assert.Equal(folder.File("config.json"), config.File);
        Assert.Equal(("llama", 576, 4096), (config.GetString("model_type"), config.GetInt32("hidden_size"), config.GetInt32("wide")));
        Assert.Equal((1e-5, 10000.0, true), (config.GetDouble("rms_norm_eps"), config.GetDouble("rope_theta"), config.GetBool("tie_word_embeddings")));
        Assert.Equal((-1, 0.5, false, "x"), (config.GetInt32("pad_token_id", -1), config.GetDouble("none", 0.5), config.GetBool("none", false), config.GetString("none", "x")));
        Assert.False(config.Has("pad_token_id"));
        Assert.True(config.Has("hidden_size"));
        Assert.Equal(["global", "local"], config.GetStrings("attention_layers"));
        Assert.Equal([1.0, 2.5], config.GetDoubles("short_factor"));
        Assert.Equal([1, 2], config.GetInt32s("layers"));
        Assert.Equal(8.0, config.GetObject("rope_scaling")!.GetDouble("factor"));
        Assert.Null(config.GetObject("rope_parameters"));
        Assert.Contains("pad_token_id", config.Keys);
    }

    [Fact]
    public void Keys_that_nobody_asked_for_are_listed()
    {
        using TemporaryFolder folder = new();
        ModelConfig config = Load(folder, Sample);
        Assert.Equal(11, config.UnreadKeys.Count);   // all but the one that is null
        foreach (string key in config.Keys.Where(key => key != "unseen"))
        {
            config.Has(key);
        }
        Assert.Equal(["unseen"], config.UnreadKeys);
        ModelConfig scaling = config.GetObject("rope_scaling")!;
        scaling.GetString("rope_type");
        config.GetObject("rope_scaling")!.GetDouble("factor");
        Assert.Equal(["unseen", "rope_scaling.unseen"], config.UnreadKeys);
    }

    [Fact]
    public void Errors_name_file_key_value_and_what_was_expected()
    {
        using TemporaryFolder folder = new();
        ModelConfig config = Load(folder, Sample);
        Refused.With("KH1014", () => config.GetInt32("num_layers"), "config.json", "'num_layers'");
        Refused.With("KH1014", () => config.GetInt32("pad_token_id"), "'pad_token_id'");
        Refused.With("KH1014", () => config.GetInt32("rms_norm_eps"), "'rms_norm_eps' is '1e-05'", "a whole number");
        Refused.With("KH1014", () => config.GetInt32("model_type", 3), "'model_type' is '\"llama\"'");
        Refused.With("KH1014", () => config.GetBool("hidden_size"), "true or false");
        Refused.With("KH1014", () => config.GetString("hidden_size"), "a string");
        Refused.With("KH1014", () => config.GetDoubles("attention_layers"), "a finite number");
        Refused.With("KH1014", () => config.GetDoubles("hidden_size"), "a list");
        Refused.With("KH1014", () => config.GetObject("hidden_size"), "an object");
        Refused.With("KH1014", () => config.GetObject("rope_scaling")!.GetDouble("rope_type"), "'rope_scaling.rope_type'");
        Refused.With("KH1014", () => throw config.Refuse("hidden_size", "a multiple of 100"), "'hidden_size' is '576'", "a multiple of 100");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":NaN}""")]
    [InlineData("")]
    public void What_is_no_object_is_refused(string text)
    {
        using TemporaryFolder folder = new();
        Refused.With("KH1013", () => Load(folder, text), "config.json");
    }

    [Fact]
    public void A_missing_file_is_refused()
    {
        using TemporaryFolder folder = new();
        Refused.With("KH1013", () => ModelConfig.Load(folder.Path), "config.json");
        Refused.With("KH1013", () => ModelConfig.Load(folder.File("none")), "config.json");
    }

    [Fact]
    public void Numbers_too_large_for_their_type_are_refused()
    {
        using TemporaryFolder folder = new();
        ModelConfig config = Load(folder, """{"a":99999999999,"b":1e999}""");
        Refused.With("KH1014", () => config.GetInt32("a"), "'99999999999'");
        Refused.With("KH1014", () => config.GetDouble("b"), "'1e999'");
    }

    private static ModelConfig Load(TemporaryFolder folder, string text)
    {
        folder.Write("config.json", Encoding.UTF8.GetBytes(text));
        return ModelConfig.Load(folder.Path);
    }
}
