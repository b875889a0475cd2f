using System.Globalization;
using System.Text.Json;
using Keyhole.Exports;

namespace Keyhole.Statistics.Kits;

/// <summary>What is computed for each kind of case, written under the kit's names; null where a measure is not defined.</summary>
internal static class KitMeasures
{
    private static readonly double[] s_quantiles = [0, 0.01, 0.25, 0.5, 0.75, 0.99, 1];

    /// <summary>The results of one case, as members of the object that is being written.</summary>
    public static void Write(KitCase one, Utf8JsonWriter json)
    {
        switch (one.Kind)
        {
            case "moments": WriteMoments(one, json); break;
            case "detector": WriteDetector(one, json); break;
            case "wilson95": WriteWilson(one, json); break;
            case "benjamini_hochberg": WriteFalseDiscovery(one, json); break;
            case "annotators": WriteAgreement(one, json); break;
            case "linear_cka": WriteCka(one, json); break;
            case "random_cosine_quantile": WriteCosines(one, json); break;
            case "logistic_l2_c1": WriteLogistic(one, json); break;
            default: throw one.Refused("its kind is not known; moments, detector, wilson95, benjamini_hochberg, annotators, linear_cka, random_cosine_quantile and logistic_l2_c1 are");
        }
    }

    private static void WriteMoments(KitCase one, Utf8JsonWriter json)
    {
        double[] values = one.Numbers("values");
        Moments moments = Moments.Of(values);
        MemoryJson.WriteNumber(json, "mean", moments.Mean);
        MemoryJson.WriteNumber(json, "variance", moments.Variance);
        MemoryJson.WriteNumber(json, "skewness", moments.Skewness);
        MemoryJson.WriteNumber(json, "excess_kurtosis", moments.ExcessKurtosis);
        double[] sorted = Quantile.Sorted(values);
        json.WriteStartObject("quantiles");
        foreach (double q in s_quantiles)
        {
            MemoryJson.WriteNumber(json, q is 0 or 1 ? q.ToString("F1", CultureInfo.InvariantCulture) : q.ToString(CultureInfo.InvariantCulture), Quantile.OfSorted(sorted, q));
        }

        json.WriteEndObject();
    }

    private static void WriteDetector(KitCase one, Utf8JsonWriter json)
    {
        double[] scores = one.Numbers("score");
        bool[] labels = one.Labels("label");
        one.RequireSameLength("score", scores.Length, "label", labels.Length);
        double threshold = one.Number("threshold") ?? throw one.Refused("'threshold': a finite number is expected");
        DetectorCounts counts = DetectorCounts.At(scores, labels, threshold);
        json.WriteNumber("tp", counts.Tp);
        json.WriteNumber("fp", counts.Fp);
        json.WriteNumber("fn", counts.Fn);
        json.WriteNumber("tn", counts.Tn);
        MemoryJson.WriteNumber(json, "precision", counts.Precision);
        MemoryJson.WriteNumber(json, "recall", counts.Recall);
        MemoryJson.WriteNumber(json, "f1", counts.F1);
        MemoryJson.WriteNumber(json, "phi", counts.Phi);
        MemoryJson.WriteNumber(json, "auroc", Ranking.Auroc(scores, labels));
        MemoryJson.WriteNumber(json, "average_precision", Ranking.AveragePrecision(scores, labels));
        MemoryJson.WriteNumber(json, "mutual_information_nats", counts.MutualInformation);
        MemoryJson.WriteNumber(json, "fisher_exact_p_two_sided", counts.FisherExact());
    }

    private static void WriteWilson(KitCase one, Utf8JsonWriter json)
    {
        Share share = new(one.Count("successes"), one.Count("trials"));
        if (share.Count > share.Total)
        {
            throw one.Refused($"'successes' is {share.Count}, more than the {share.Total} trials");
        }

        Interval interval = share.Wilson();
        MemoryJson.WriteNumber(json, "low", interval.Lower);
        MemoryJson.WriteNumber(json, "high", interval.Upper);
    }

    private static void WriteFalseDiscovery(KitCase one, Utf8JsonWriter json)
    {
        double[] p = one.Probabilities("p");
        WriteNumbers(json, "adjusted", FalseDiscovery.Adjusted(p));
        json.WriteStartArray("rejected_at_0_05");
        foreach (bool rejected in FalseDiscovery.Rejected(p, 0.05))
        {
            json.WriteBooleanValue(rejected);
        }

        json.WriteEndArray();
    }

    private static void WriteAgreement(KitCase one, Utf8JsonWriter json)
    {
        object?[] first = one.Ratings("first");
        object?[] second = one.Ratings("second");
        one.RequireSameLength("first", first.Length, "second", second.Length);
        Dictionary<object, int> classes = [];
        int[] a = [.. first.Select(ClassOf)];
        int[] b = [.. second.Select(ClassOf)];
        MemoryJson.WriteNumber(json, "cohen_kappa_complete_pairs", NominalAgreement.CohensKappa(a, b));
        MemoryJson.WriteNumber(json, "krippendorff_alpha_nominal", NominalAgreement.KrippendorffsAlpha([.. a.Zip(b, (x, y) => new[] { x, y }).SelectMany(pair => pair)], raters: 2));

        int ClassOf(object? rating)
        {
            if (rating is null)
            {
                return NominalAgreement.Missing;
            }

            classes.TryAdd(rating, classes.Count);
            return classes[rating];
        }
    }

    private static void WriteCka(KitCase one, Utf8JsonWriter json)
    {
        (double[] x, int rows, int xColumns) = one.Matrix("x");
        (double[] y, int yRows, int yColumns) = one.Matrix("y");
        one.RequireSameLength("x", rows, "y", yRows);
        MemoryJson.WriteNumber(json, "value", LinearCka.Of(x, y, rows, xColumns, yColumns));
    }

    private static void WriteCosines(KitCase one, Utf8JsonWriter json)
    {
        long dimension = one.Count("dimension");
        if (dimension is < 1 or > int.MaxValue)
        {
            throw one.Refused("'dimension': a whole number from 1 is expected");
        }

        WriteNumbers(json, "cosine", [.. one.Probabilities("probability").Select(p => double.IsNaN(p) ? p : RandomCosine.Quantile((int)dimension, p))]);
    }

    private static void WriteLogistic(KitCase one, Utf8JsonWriter json)
    {
        (double[] x, int rows, int columns) = one.Matrix("x");
        bool[] y = one.Labels("y");
        one.RequireSameLength("x", rows, "y", y.Length);
        LogisticFit? fit = LogisticRegression.Fit(x, rows, columns, y, c: 1);
        if (fit is null)
        {
            json.WriteNull("coefficients");
            json.WriteNull("intercept");
            return;
        }

        WriteNumbers(json, "coefficients", fit.Coefficients);
        MemoryJson.WriteNumber(json, "intercept", fit.Intercept);
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
        {
            if (double.IsFinite(value))
            {
                json.WriteNumberValue(value);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndArray();
    }
}
