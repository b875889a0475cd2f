namespace Keyhole.Engine.Capture;

/// <summary>A set of sites of one layer.</summary>
public readonly record struct SiteSet
{
    private readonly int _bits;

    private SiteSet(int bits) => _bits = bits;

    /// <summary>The empty set.</summary>
    public static SiteSet None => default;

    /// <summary>Whether nothing is in the set.</summary>
    public bool IsEmpty => _bits == 0;

    /// <summary>A set of the given sites.</summary>
    public static SiteSet Of(params ReadOnlySpan<Site> sites)
    {
        int bits = 0;
        foreach (Site site in sites)
        {
            bits |= 1 << (int)site;
        }

        return new SiteSet(bits);
    }

    /// <summary>Whether the site is in the set.</summary>
    public bool Contains(Site site) => (_bits & (1 << (int)site)) != 0;

    /// <summary>Whether any of the sites is in the set.</summary>
    public bool ContainsAny(SiteSet sites) => (_bits & sites._bits) != 0;
}
