using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tests.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Capture;

public sealed class SiteCaptureTests : IDisposable
{
    private readonly TestSupport.TemporaryFolder _folder = new();

    [Theory]
    [InlineData("blocks.1.*", 9)]
    [InlineData("*hook_post", 2)]
    [InlineData("mlp.hook_post", 2)]
    [InlineData("hook_resid_???", 4)]
    [InlineData("logits", 1)]
    [InlineData("*", 19)]
    public void Patterns_choose_sites(string pattern, int count)
    {
        using Model model = Model.Open(TinyModel.Llama().Write(_folder.File("model")));
        var capture = new SiteCapture(model.Spec, 3, [pattern]);
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 1 });
        pass.Run(TokenBatch.OfText([1, 2, 3]), capture, TestContext.Current.CancellationToken);
        Assert.Equal(count, capture.Captured().Count());
        Assert.All(capture.Captured(), site =>
        {
            Assert.Equal(3, site.Shape[0]);
            Assert.Equal(site.Shape[0] * site.Shape[1], site.Values.Length);
            Assert.Contains(site.Values, value => value != 0);
        });
    }

    [Fact]
    public void Sites_come_in_the_order_in_which_they_are_computed()
    {
        using Model model = Model.Open(TinyModel.Llama(layers: 1).Write(_folder.File("model")));
        Assert.Equal(
            [
                "blocks.0.hook_resid_pre", "blocks.0.hook_attn_out", "blocks.0.hook_resid_mid", "blocks.0.mlp.hook_in", "blocks.0.mlp.hook_pre", "blocks.0.mlp.hook_pre_linear",
                "blocks.0.mlp.hook_post", "blocks.0.hook_mlp_out", "blocks.0.hook_resid_post", "logits",
            ],
            new SiteCapture(model.Spec, 1, ["*"]).Captured().Select(site => site.Name));
    }

    [Fact]
    public void A_pattern_that_fits_nothing_lists_the_sites()
    {
        using Model plain = Model.Open(TinyModel.Opt().Write(_folder.File("model")));
        Refused.With("KH3010", () => Of(plain, "hook_nothing"), "hook_nothing", "mlp.hook_post", "logits");
        Refused.With("KH3010", () => Of(plain, "mlp.hook_pre_linear"), "hook_pre_linear");   // a plain layer has none
        Refused.With("KH3010", () => Of(plain, "logits", "blocks.2.*"), "blocks.2.*");
    }

    [Fact]
    public void Sets_hold_what_was_put_in()
    {
        SiteSet set = SiteSet.Of(Site.ResidPre, Site.Logits);
        Assert.True(SiteSet.None.IsEmpty && !set.IsEmpty);
        Assert.Equal([Site.ResidPre, Site.Logits], Enum.GetValues<Site>().Where(set.Contains));
        Assert.True(set.ContainsAny(SiteSet.Of(Site.Logits, Site.MlpPre)));
        Assert.False(set.ContainsAny(SiteSet.Of(Site.MlpPre)));
    }

    public void Dispose() => _folder.Dispose();

    private static SiteCapture Of(Model model, params string[] patterns) => new(model.Spec, 1, patterns);
}
