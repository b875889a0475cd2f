namespace Keyhole.Patterns;

/// <summary>A prefix: a unit up to one of its tokens.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Position">The prefix's last token.</param>
internal readonly record struct PrefixPlace(UnitFeatures Unit, int Position)
{
    /// <summary>Two prefixes that agree in so many last tokens are copies of one text.</summary>
    public const int CopyTokens = 8;

    /// <summary>The furthest token from the end that is looked at by its distance.</summary>
    public const int Furthest = 8;

    /// <summary>The last token.</summary>
    public int Last => Unit.Tokens[Position];

    /// <summary>Tokens of the prefix, BOS not counted.</summary>
    public int Length => Position - Unit.First + 1;

    /// <summary>Whether another prefix is a copy of this one: of the same unit, or with the same last tokens.</summary>
    public bool IsCopyOf(in PrefixPlace other)
        => ReferenceEquals(Unit, other.Unit) || (Length >= CopyTokens && other.Length >= CopyTokens
            && Unit.Tokens.AsSpan(Position - CopyTokens + 1, CopyTokens).SequenceEqual(other.Unit.Tokens.AsSpan(other.Position - CopyTokens + 1, CopyTokens)));

    /// <summary>Adds the keys of what the prefix has; a word that stands in it twice comes twice.</summary>
    /// <param name="classes">Which classes: those of <see cref="PatternClasses.Ends"/>, of <see cref="PatternClasses.Lengths"/> and all others go together.</param>
    /// <param name="keys">Receives them.</param>
    public void AddKeys(ClassSet classes, List<ulong> keys)
    {
        if (classes.Overlaps(PatternClasses.Ends))
        {
            AddEnd(keys);
        }

        if (classes.Overlaps(PatternClasses.Lengths))
        {
            AddLengths(keys);
        }

        if (classes.Overlaps(PatternClasses.Contents))
        {
            AddTokens(keys);
            (int from, int to) = Unit.Within(Position);
            keys.AddRange(Unit.Keys.AsSpan(from..to));
        }
    }

    /// <summary>Adds all keys but those of words and n-grams; each comes once.</summary>
    public void AddKeysOfPlace(List<ulong> keys)
    {
        AddEnd(keys);
        AddLengths(keys);
        AddTokens(keys);
    }

    private void AddEnd(List<ulong> keys)
    {
        keys.Add(FeatureKey.Of(PatternClass.LastToken, (ulong)Last));
        for (ulong forms = Unit.LastForms[Position]; forms != 0;)
        {
            int form = WordForms.Take(ref forms);
            keys.Add(FeatureKey.Of((WordForms.Affixes >> form & 1) != 0 ? PatternClass.LastAffix : PatternClass.LastForm, (ulong)form));
        }
    }

    private void AddLengths(List<ulong> keys)
    {
        keys.Add(FeatureKey.Of(PatternClass.Position, (ulong)PositionBins.OfLength(Length)));
        keys.Add(FeatureKey.Of(PatternClass.Position, (ulong)PositionBins.OfRest(Unit.Tokens.Length - 1 - Position)));
    }

    private void AddTokens(List<ulong> keys)
    {
        int furthest = Math.Min(Furthest, Position - Unit.First);
        if (furthest > 0)
        {
            keys.Add(FeatureKey.Of(PatternClass.LastBigram, (ulong)Unit.Tokens[Position - 1], (ulong)Last));
        }

        for (int distance = 1; distance <= furthest; distance++)
        {
            keys.Add(FeatureKey.Of(PatternClass.TokenAtDistance, (ulong)Unit.Tokens[Position - distance], (ulong)distance));
        }

        for (ulong forms = Unit.FormsBefore[Position]; forms != 0;)
        {
            keys.Add(FeatureKey.Of(PatternClass.FormAnywhere, (ulong)WordForms.Take(ref forms)));
        }

        for (ulong kinds = Unit.Kinds; kinds != 0;)
        {
            keys.Add(FeatureKey.Of(PatternClass.UnitKind, (ulong)WordForms.Take(ref kinds)));
        }
    }
}
