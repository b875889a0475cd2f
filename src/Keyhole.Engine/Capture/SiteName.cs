using System.Collections.Immutable;
using System.Globalization;
using System.IO.Enumeration;

namespace Keyhole.Engine.Capture;

/// <summary>Public names of sites: TransformerLens' classic hook names.</summary>
public static class SiteName
{
    private static readonly ImmutableArray<(Site Site, string Suffix)> s_suffixes =
    [
        (Site.ResidPre, "hook_resid_pre"),
        (Site.AttnOut, "hook_attn_out"),
        (Site.ResidMid, "hook_resid_mid"),
        (Site.MlpIn, "mlp.hook_in"),
        (Site.ExpertWeights, "mlp.hook_expert_weights"),
        (Site.MlpPre, "mlp.hook_pre"),
        (Site.MlpPreLinear, "mlp.hook_pre_linear"),
        (Site.MlpPost, "mlp.hook_post"),
        (Site.MlpOut, "hook_mlp_out"),
        (Site.ResidPost, "hook_resid_post"),
    ];

    /// <summary>Sites of one block in the order in which they are computed.</summary>
    public static ImmutableArray<Site> BlockSites { get; } = [.. s_suffixes.Select(entry => entry.Site)];

    /// <summary>The name of a site: <c>blocks.3.mlp.hook_post</c>, or <c>logits</c>.</summary>
    public static string Of(Site site, int layer) => site == Site.Logits
        ? "logits"
        : string.Create(CultureInfo.InvariantCulture, $"blocks.{layer}.{s_suffixes.First(entry => entry.Site == site).Suffix}");

    /// <summary>Whether a name fits a pattern with * and ?; a pattern may leave out <c>blocks.N.</c>.</summary>
    public static bool Matches(string pattern, Site site, int layer)
    {
        string name = Of(site, layer);
        return FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)
            || (site != Site.Logits && FileSystemName.MatchesSimpleExpression(pattern, s_suffixes.First(entry => entry.Site == site).Suffix, ignoreCase: false));
    }
}
