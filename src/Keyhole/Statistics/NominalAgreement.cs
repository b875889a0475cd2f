namespace Keyhole.Statistics;

/// <summary>Agreement of raters who put the same things into classes without an order, beyond what chance would give.</summary>
/// <remarks>
/// Both numbers are 1 where raters always agree and 0 where they do so as often as chance; NaN where there is nothing to compare, or where all ratings are of one
/// class: then chance alone explains everything. Each is a function of sums over things, so a bootstrap adds up the sums of groups instead of copying ratings.
/// </remarks>
public static class NominalAgreement
{
    /// <summary>The class of a thing that a rater did not rate.</summary>
    public const int Missing = -1;

    /// <summary>
    /// Cohen's kappa (Cohen 1960, "A coefficient of agreement for nominal scales"): (p_o - p_e) / (1 - p_e), with p_o the share of things that both put into the
    /// same class and p_e = sum over classes of the product of the two raters' shares. Things that one of them did not rate are passed over.
    /// </summary>
    /// <param name="first">The first rater's classes, from 0; <see cref="Missing"/> where there is none.</param>
    /// <param name="second">The second rater's, of the same things.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double CohensKappa(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
        => Kappa(KappaSums(first, second, 1 + Math.Max(Largest(first), Largest(second))));

    /// <summary>
    /// Krippendorff's alpha for nominal data (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"): 1 - (n - 1) (n - sum o_cc) / (n^2 - sum n_c^2), where a
    /// thing with m >= 2 ratings adds each ordered pair of them to the coincidences o with weight 1 / (m - 1), n_c are the sums of o by class and n of all. Any number
    /// of raters; a thing with one rating is passed over.
    /// </summary>
    /// <param name="ratings">Class of each thing by each rater, shape [things, raters], row by row; <see cref="Missing"/> where there is none.</param>
    /// <param name="raters">Number of raters.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static double KrippendorffsAlpha(ReadOnlySpan<int> ratings, int raters) => Alpha(AlphaSums(ratings, raters, 1 + Largest(ratings)));

    /// <summary>Sums over things that kappa is made of: things, those in the same class, then by class those of the first rater and those of the second.</summary>
    internal static double[] KappaSums(ReadOnlySpan<int> first, ReadOnlySpan<int> second, int classes)
    {
        if (first.Length != second.Length)
        {
            throw new ArgumentException($"One rater has {first.Length} ratings, the other {second.Length}.");
        }

        double[] sums = new double[2 + (2 * classes)];
        for (int i = 0; i < first.Length; i++)
        {
            if (first[i] != Missing && second[i] != Missing)
            {
                sums[0]++;
                sums[1] += first[i] == second[i] ? 1 : 0;
                sums[2 + first[i]]++;
                sums[2 + classes + second[i]]++;
            }
        }

        return sums;
    }

    /// <summary>Kappa of sums; with n^2 taken out of both its parts it is exact in whole numbers up to 2^53.</summary>
    internal static double Kappa(ReadOnlySpan<double> sums)
    {
        int classes = (sums.Length - 2) / 2;
        double n = sums[0];
        double byChance = 0;
        for (int c = 0; c < classes; c++)
        {
            byChance += sums[2 + c] * sums[2 + classes + c];
        }

        double rest = (n * n) - byChance;
        return rest == 0 ? double.NaN : ((n * sums[1]) - byChance) / rest;
    }

    /// <summary>Sums over things that alpha is made of: ratings n, coincidences within a class, then ratings by class.</summary>
    internal static double[] AlphaSums(ReadOnlySpan<int> ratings, int raters, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(raters);
        if (ratings.Length % raters != 0)
        {
            throw new ArgumentException($"{ratings.Length} ratings cannot be those of {raters} raters.");
        }

        double[] sums = new double[2 + classes];
        int[] counts = new int[classes];
        for (int row = 0; row < ratings.Length; row += raters)
        {
            Array.Clear(counts);
            int rated = 0;
            foreach (int rating in ratings.Slice(row, raters))
            {
                if (rating != Missing)
                {
                    counts[rating]++;
                    rated++;
                }
            }

            for (int c = 0; c < classes && rated >= 2; c++)
            {
                sums[0] += counts[c];
                sums[1] += (double)counts[c] * (counts[c] - 1) / (rated - 1);
                sums[2 + c] += counts[c];
            }
        }

        return sums;
    }

    /// <summary>Alpha of sums.</summary>
    internal static double Alpha(ReadOnlySpan<double> sums)
    {
        double n = sums[0];
        double squares = 0;
        foreach (double count in sums[2..])
        {
            squares += count * count;
        }

        double different = (n * n) - squares;
        return different == 0 ? double.NaN : 1 - ((n - 1) * (n - sums[1]) / different);
    }

    private static int Largest(ReadOnlySpan<int> classes)
    {
        int largest = Missing;
        foreach (int c in classes)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(c, Missing);
            largest = Math.Max(largest, c);
        }

        return largest;
    }
}
