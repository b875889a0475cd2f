namespace Keyhole.Patterns;

/// <summary>Some classes of patterns.</summary>
/// <param name="Bits">Bit c stands for class c.</param>
internal readonly record struct ClassSet(uint Bits)
{
    /// <summary>All classes.</summary>
    public static ClassSet All => new((1u << PatternClasses.Count) - 1);

    /// <summary>These classes.</summary>
    public static ClassSet Of(params ReadOnlySpan<PatternClass> classes)
    {
        uint bits = 0;
        foreach (PatternClass kind in classes)
        {
            bits |= 1u << (int)kind;
        }

        return new ClassSet(bits);
    }

    /// <summary>Without others.</summary>
    public ClassSet Except(ClassSet others) => new(Bits & ~others.Bits);

    /// <summary>Whether a class is among them.</summary>
    public bool Has(PatternClass kind) => (Bits >> (int)kind & 1) != 0;

    /// <summary>Whether any of others is among them.</summary>
    public bool Overlaps(ClassSet others) => (Bits & others.Bits) != 0;
}
