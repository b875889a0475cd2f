namespace Keyhole.Patterns;

/// <summary>The triggers of a memory's pole as prefixes.</summary>
/// <param name="Name">Whose they are.</param>
/// <param name="Prefixes">The best first, at most 64.</param>
internal sealed record TriggerList(ListName Name, PrefixPlace[] Prefixes)
{
    /// <summary>A number that depends on the prefixes alone.</summary>
    public ulong ContentHash()
    {
        ulong hash = 0;
        foreach (PrefixPlace place in Prefixes)
        {
            hash = FeatureKey.Of(PatternClass.Position, hash ^ (uint)place.Unit.Index, (ulong)place.Position);
        }

        return hash;
    }
}
