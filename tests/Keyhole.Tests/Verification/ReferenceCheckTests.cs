using System.Globalization;
using Keyhole.Engine;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.TestSupport;
using Keyhole.Verification;
using Xunit;

namespace Keyhole.Tests.Verification;

public sealed class ReferenceCheckTests : IDisposable
{
    private static readonly int[] s_ids = [3, 250, 17, 17, 0];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_models_own_capture_differs_by_nothing()
    {
        ReferenceResult result = Check(Capture());
        Assert.Equal((5, 19, 0), (result.Tokens, result.Compared.Count, result.LeftOut.Count));   // nine sites a layer, two layers, logits
        Assert.All(result.Compared, site => Assert.Equal((0.0, 0.0), (site.Maximum, site.Relative)));
        Assert.True(result.IsWithin(0));
        Assert.Equal("blocks.0.hook_resid_pre", result.Compared[0].Name);
        Assert.Equal(("logits", null), (result.Compared[^1].Name, result.Compared[^1].Layer));
    }

    [Fact]
    public void Differences_are_those_that_were_put_in()
    {
        CaptureFile file = Capture();
        double[] values = [.. file.Floats("blocks.1.mlp.hook_post").Select(value => (double)value)];
        double[] shifts = [.. values.Select((_, i) => i == 7 ? -0.25 : 0.001)];
        file.Set("blocks.1.mlp.hook_post", values.Zip(shifts, (value, shift) => value + shift), 5, 40);
        ReferenceResult result = Check(file);
        SiteDifference site = Assert.Single(result.Compared, site => site.Maximum > 0);
        Assert.Equal((Site.MlpPost, 1, 200), (site.Site, site.Layer, site.Count));
        Assert.Equal(0.25, site.Maximum, 1e-9);
        Assert.Equal(0.001, site.Median, 1e-9);
        Assert.Equal(values.Zip(shifts, (value, shift) => Math.Abs(value + shift)).Max(), site.Largest, 1e-9);
        Assert.Equal(0.25 / site.Largest, site.Relative, 1e-9);
        Assert.Same(site, result.Worst);
        Assert.False(result.IsWithin(site.Relative * 0.99));
        Assert.True(result.IsWithin(site.Relative * 1.01));
    }

    [Fact]
    public void The_shortened_forms_are_compared_too()
    {
        CaptureFile file = Capture();
        float[] post = file.Floats("blocks.0.mlp.hook_post");
        float[] resid = file.Floats("blocks.1.hook_resid_post");
        float[] logits = file.Floats("logits");
        long[][] order = [.. Enumerable.Range(0, 5).Select(row => Enumerable.Range(0, 40).OrderByDescending(i => post[(row * 40) + i]).Select(i => (long)i).ToArray())];
        double[][] logProbabilities = [.. Enumerable.Range(0, 5).Select(row => LogSoftmax(logits.AsSpan(row * 260, 260)))];
        file.Keep();
        file.Set("blocks.0.mlp.hook_post.top", order.SelectMany((row, t) => row[..3].Select(i => post[(t * 40) + i])), 5, 3);
        file.Set("blocks.0.mlp.hook_post.top_index", order.SelectMany(row => row[..3]), 5, 3);
        file.Set("blocks.0.mlp.hook_post.bottom", order.SelectMany((row, t) => row[^2..].Select(i => post[(t * 40) + i])), 5, 2);
        file.Set("blocks.0.mlp.hook_post.bottom_index", order.SelectMany(row => row[^2..].Select(i => (int)i)), 5, 2);
        file.Set("blocks.1.hook_resid_post.l2norm", Enumerable.Range(0, 5).Select(row => Math.Sqrt(resid.Skip(row * 24).Take(24).Sum(value => (double)value * value))), 5);
        file.Set("logits", logits[^520..], 2, 260);
        file.Set("top_id", Enumerable.Range(0, 10).Select(i => (long)(i * 20)), 5, 2);
        file.Set("top_logprob", Enumerable.Range(0, 10).Select(i => logProbabilities[i / 2][i * 20]), 5, 2);
        file.Set("next_logprob", Enumerable.Range(0, 4).Select(row => logProbabilities[row][s_ids[row + 1]]), 4);
        file.Set("logprobs_final", logProbabilities.SelectMany(row => row), 5, 260);
        ReferenceResult result = Check(file);
        Assert.Empty(result.LeftOut);
        Assert.Equal(7, result.Compared.Count);
        Assert.Equal(7, result.Compared.Select(site => site.Form).Distinct().Count());
        Assert.True(result.IsWithin(1e-12), result.Worst.ToString());

        file.Set("next_logprob", Enumerable.Range(0, 4).Select(row => logProbabilities[row][s_ids[row]]), 4);
        Assert.Equal("next_logprob", Check(file).Worst.Name);
        Assert.False(Check(file).IsWithin(1e-3));
    }

    [Fact]
    public void What_cannot_be_compared_is_listed_with_its_reason()
    {
        CaptureFile file = Capture().Keep("logits");
        file.Set("blocks.0.hook_mlp_out.argmax", s_ids, 5);
        file.Set("blocks.0.mlp.hook_post.top", new float[5], 5, 1);
        file.Set("blocks.x.hook_mlp_out", new float[5], 5);
        file.Set("blocks.1.hook_mlp_out", s_ids, 5);
        file.Set("final", new float[5], 5);
        ReferenceResult result = Check(file);
        Assert.Equal("logits", Assert.Single(result.Compared).Name);
        string[] expected =
        [
            "blocks.0.hook_mlp_out.argmax: of 'blocks.0.hook_mlp_out' only the values, .top, .bottom and .l2norm are compared",
            "blocks.0.mlp.hook_post.top: 'blocks.0.mlp.hook_post.top_index' is not beside it, I64 or I32",
            "blocks.1.hook_mlp_out: I32 is no floating-point type",
            "blocks.x.hook_mlp_out: no site of the forward pass has this name",
            "final: no site of the forward pass has this name",
        ];
        Assert.Equal(expected, result.LeftOut.Select(left => $"{left.Name}: {left.Reason}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_linear_part_of_a_layer_that_is_not_gated_is_left_out()
    {
        string model = TinyModel.Opt().Write(_folder.File("opt"));
        CaptureFile file = CaptureFile.Of(model, s_ids);
        file.Set("blocks.0.mlp.hook_pre_linear", new float[200], 5, 40);
        Assert.Equal("the feed-forward layer of this model is not gated", Assert.Single(Check(file, model).LeftOut).Reason);
    }

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "no ids", "KH5901", "has no tensor 'input_ids'" },
        { "floating ids", "KH5901", "input_ids is F32 [5]" },
        { "ids of two rows", "KH5901", "input_ids is I64 [1, 5]" },
        { "no id at all", "KH5901", "at least one id" },
        { "an id too large", "KH5902", "input_ids[1] is 260, not an id of this model (0 to 259)" },
        { "a negative id", "KH5902", "input_ids[0] is -1" },
        { "too many ids", "KH5902", "65 ids, more than the model's context of 64" },
        { "another width", "KH5903", "'blocks.0.hook_mlp_out' has the shape [5, 23]; with these ids and this model it must be [5, 24]" },
        { "too many rows of logits", "KH5903", "must be [up to 5, 260]" },
        { "columns of another shape", "KH5903", "'blocks.0.mlp.hook_post.top_index' has the shape [5, 1]" },
        { "NaN", "KH5904", "element 3 of tensor 'logits' is NaN or infinite" },
        { "an unknown layer", "KH5905", "'blocks.2.hook_mlp_out', but the model has layers 0 to 1 only" },
        { "nothing known", "KH5905", "holds no tensor that can be compared ('final': no site" },
        { "ids alone", "KH5905", "holds no tensor that can be compared;" },
        { "a column outside", "KH5906", "element 4 of tensor 'blocks.0.mlp.hook_post.top_index' is 40; a row of this model has columns 0 to 39" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_file_of_another_model_or_kind_is_refused(string what, string code, string sentence)
    {
        CaptureFile file = Capture().Keep("logits");
        switch (what)
        {
            case "no ids": file.Tensors.Remove("input_ids"); break;
            case "floating ids": file.Set("input_ids", new float[5], 5); break;
            case "ids of two rows": file.Set("input_ids", new long[5], 1, 5); break;
            case "no id at all": file.Set("input_ids", Array.Empty<long>(), 0); break;
            case "an id too large": file.Set("input_ids", new long[] { 3, 260, 17, 17, 0 }, 5); break;
            case "a negative id": file.Set("input_ids", new[] { -1, 260, 17, 17, 0 }, 5); break;
            case "too many ids": file.Set("input_ids", new long[65], 65); break;
            case "another width": file.Set("blocks.0.hook_mlp_out", new float[5 * 23], 5, 23); break;
            case "too many rows of logits": file.Set("logits", new float[6 * 260], 6, 260); break;
            case "NaN": file.Set("logits", file.Floats("logits").Select((value, i) => i == 3 ? float.NaN : value), 5, 260); break;
            case "an unknown layer": file.Set("blocks.2.hook_mlp_out", new float[5 * 24], 5, 24); break;
            case "nothing known": file.Keep().Set("final", new float[5], 5); break;
            case "ids alone": file.Keep(); break;
            default:
                file.Set("blocks.0.mlp.hook_post.top", new float[10], 5, 2);
                file.Set("blocks.0.mlp.hook_post.top_index", new long[] { 0, 1, 2, 3, 40, 0, 0, 0, 0, 0 }.Take(what == "a column outside" ? 10 : 5), 5, what == "a column outside" ? 2 : 1);
                break;
        }
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => Check(file));
        Assert.Equal(code, refused.Code);
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.Contains("capture.safetensors", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_give_their_captures_and_their_models()
    {
        foreach (string name in (string[])["b/golden-1.safetensors", "b/golden-0.safetensors", "b/other.safetensors", "a.gguf", "a.golden-0.safetensors", "c.gguf", "d/config.json"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
            File.WriteAllText(_folder.File(name), "");
        }
        Assert.Equal([_folder.File("b", "golden-0.safetensors"), _folder.File("b", "golden-1.safetensors"), "x"], ReferenceFiles.Of([_folder.File("b"), "x"]));
        IReadOnlyList<VerifiableModel> models = ReferenceFiles.Models(_folder.Path);
        Assert.Equal(["a.gguf 1", "b 2"], models.Select(model => string.Create(CultureInfo.InvariantCulture, $"{model.Name} {model.References.Count}")));
        Assert.Equal("KH5907", Assert.Throws<InputRefusedException>(() => ReferenceFiles.Of([_folder.File("d")])).Code);
        Assert.Equal("KH5907", Assert.Throws<InputRefusedException>(() => ReferenceFiles.Models(_folder.File("d"))).Code);
        Assert.Equal("KH5907", Assert.Throws<InputRefusedException>(() => ReferenceFiles.Models(_folder.File("a.gguf"))).Code);
    }

    private static double[] LogSoftmax(ReadOnlySpan<float> logits)
    {
        double[] values = [.. logits.ToArray().Select(logit => (double)logit)];
        double total = values.Sum(Math.Exp);   // these logits are small
        return [.. values.Select(value => value - Math.Log(total))];
    }

    private CaptureFile Capture() => CaptureFile.Of(TinyModel.Llama().Write(_folder.File("llama")), s_ids);

    private ReferenceResult Check(CaptureFile file, string? modelPath = null)
    {
        using Model model = Model.Open(modelPath ?? _folder.File("llama"));
        using var check = new ReferenceCheck(model, 1);
        return check.Run(file.Write(_folder.File("capture.safetensors")), TestContext.Current.CancellationToken);
    }
}
