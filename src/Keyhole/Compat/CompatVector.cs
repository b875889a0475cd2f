namespace Keyhole.Compat;

/// <summary>What the released code's numbers need of the distribution of r, y or o. Ranks count from 0 and are the first of equals.</summary>
/// <param name="Top">Its top token, the lowest id of equals.</param>
/// <param name="TopProbability">The probability of that token.</param>
internal readonly record struct CompatVector(int Top, double TopProbability)
{
    /// <summary>Rank of the model's final prediction.</summary>
    public int FinalRank { get; init; }

    /// <summary>Probability of the model's final prediction.</summary>
    public double FinalProbability { get; init; }

    /// <summary>Rank of r's top token.</summary>
    public int ResidualTopRank { get; init; }

    /// <summary>Probability of r's top token.</summary>
    public double ResidualTopProbability { get; init; }
}
