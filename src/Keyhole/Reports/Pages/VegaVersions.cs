namespace Keyhole.Reports.Pages;

/// <summary>Versions of the vendored scripts; Vendor/README.md has their hashes.</summary>
internal static class VegaVersions
{
    public const string Vega = "6.4.0";
    public const string VegaLite = "6.4.3";
    public const string VegaEmbed = "7.3.0";
}
