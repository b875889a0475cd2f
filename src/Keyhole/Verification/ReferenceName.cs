using System.Globalization;
using Keyhole.Engine.Capture;

namespace Keyhole.Verification;

/// <summary>What the name of a tensor in a reference capture says.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Site">Its site.</param>
/// <param name="Layer">Its layer; 0 for logits.</param>
/// <param name="Form">What it holds of the site.</param>
internal sealed record ReferenceName(string Name, Site Site, int Layer, ReferenceForm Form)
{
    private const string Blocks = "blocks.";

    /// <summary>The tensor that holds the columns or ids of this one's values; null where it needs none.</summary>
    public string? Columns => Form switch
    {
        ReferenceForm.Largest or ReferenceForm.Smallest => Name + "_index",
        ReferenceForm.ListedLogProbabilities => "top_id",
        _ => null,
    };

    /// <summary>Reads a name.</summary>
    /// <param name="name">A tensor's name.</param>
    /// <param name="read">What it says.</param>
    /// <param name="reason">Why nothing can be compared with it.</param>
    public static bool TryRead(string name, out ReferenceName? read, out string reason)
    {
        read = null;
        (ReferenceForm Form, bool Known) logits = name switch
        {
            "logits" => (ReferenceForm.Values, true),
            "top_logprob" => (ReferenceForm.ListedLogProbabilities, true),
            "next_logprob" => (ReferenceForm.NextLogProbability, true),
            "logprobs_final" => (ReferenceForm.LogProbabilities, true),
            _ => default,
        };
        reason = "no site of the forward pass has this name";
        if (logits.Known)
        {
            read = new ReferenceName(name, Site.Logits, 0, logits.Form);
            return true;
        }
        if (!name.StartsWith(Blocks, StringComparison.Ordinal) || name.IndexOf('.', Blocks.Length) is not (> 0 and int end)
            || !int.TryParse(name.AsSpan(Blocks.Length, end - Blocks.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int layer))
        {
            return false;
        }
        foreach (Site site in SiteName.BlockSites)
        {
            string whole = SiteName.Of(site, layer);
            if (name != whole && !name.StartsWith(whole + ".", StringComparison.Ordinal))
            {
                continue;
            }
            ReferenceForm? form = name[whole.Length..] switch
            {
                "" => ReferenceForm.Values,
                ".top" => ReferenceForm.Largest,
                ".bottom" => ReferenceForm.Smallest,
                ".l2norm" => ReferenceForm.Norms,
                _ => null,
            };
            reason = $"of '{whole}' only the values, .top, .bottom and .l2norm are compared";
            read = form is { } known ? new ReferenceName(name, site, layer, known) : null;
            return form is not null;
        }
        return false;
    }
}
