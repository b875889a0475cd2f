using System.Text.Json;
using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Statistics;

public sealed class NominalAgreementTests
{
    private const int No = NominalAgreement.Missing;

    public static TheoryData<int> GoldenCases => [.. Enumerable.Range(0, GoldenStatistics.Cases("annotators.json").Length)];

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void Kappa_and_alpha_are_those_of_other_software(int number)
    {
        JsonElement one = GoldenStatistics.Cases("annotators.json")[number];
        int[] first = Classes(one.GetProperty("first"));
        int[] second = Classes(one.GetProperty("second"));
        Assert.Equal(one.GetProperty("cohen_kappa_complete_pairs").GetDouble(), NominalAgreement.CohensKappa(first, second), 1e-12);
        Assert.Equal(one.GetProperty("krippendorff_alpha_nominal").GetDouble(), NominalAgreement.KrippendorffsAlpha(Table(first, second), 2), 1e-12);
    }

    [Fact]
    public void Krippendorffs_own_example_with_two_observers_and_binary_data()
    {
        // Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", example A.
        int[] meg = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0];
        int[] owen = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0];
        Assert.Equal(0.095, NominalAgreement.KrippendorffsAlpha(Table(meg, owen), 2), 5e-4);
    }

    [Fact]
    public void Krippendorffs_own_example_with_two_observers_and_nominal_data()
    {
        // The same, example B.
        int[] ben = Letters("aabbdcccedda");
        int[] gerry = Letters("babbbccceddd");
        Assert.Equal(0.692, NominalAgreement.KrippendorffsAlpha(Table(ben, gerry), 2), 5e-4);
    }

    [Fact]
    public void Krippendorffs_own_example_with_four_observers_and_missing_data()
    {
        // The same, example C.
        int[] a = [1, 2, 3, 3, 2, 1, 4, 1, 2, No, No, No];
        int[] b = [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, No, 3];
        int[] c = [No, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, No];
        int[] d = [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, No];
        Assert.Equal(0.743, NominalAgreement.KrippendorffsAlpha(Table(a, b, c, d), 4), 5e-4);
    }

    [Fact]
    public void Kappa_of_the_textbooks_table()
    {
        // Fleiss, Levin, Paik, "Statistical Methods for Rates and Proportions", chapter on the measurement of interrater agreement: 100 subjects, p_o = 0.89, p_e = 0.66.
        int[,] table = { { 75, 1, 4 }, { 5, 4, 1 }, { 0, 0, 10 } };
        List<int> first = [];
        List<int> second = [];
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                first.AddRange(Enumerable.Repeat(i, table[i, j]));
                second.AddRange(Enumerable.Repeat(j, table[i, j]));
            }
        }

        Assert.Equal((0.89 - 0.66) / (1 - 0.66), NominalAgreement.CohensKappa([.. first], [.. second]), 1e-12);
    }

    [Fact]
    public void Alpha_of_two_is_Scotts_pi_corrected_for_the_size_of_the_sample()
    {
        (int[] first, int[] second) = Random(200, classes: 4, seed: 3, missing: false);
        double same = first.Zip(second).Count(pair => pair.First == pair.Second) / 200.0;
        double byChance = Enumerable.Range(0, 4).Sum(c => Math.Pow((first.Count(x => x == c) + second.Count(x => x == c)) / 400.0, 2));
        double pi = (same - byChance) / (1 - byChance);
        Assert.Equal(1 - ((1 - pi) * 399 / 400), NominalAgreement.KrippendorffsAlpha(Table(first, second), 2), 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Names_of_classes_and_orders_do_not_matter(int seed)
    {
        (int[] first, int[] second) = Random(60, classes: 3, seed, missing: true);
        double kappa = NominalAgreement.CohensKappa(first, second);
        double alpha = NominalAgreement.KrippendorffsAlpha(Table(first, second), 2);
        int[] names = [5, 0, 2];
        int[] Renamed(int[] classes) => [.. classes.Select(c => c == No ? No : names[c])];
        int[] order = [.. Enumerable.Range(0, 60).OrderBy(i => (i * 37) % 61)];
        int[] Reordered(int[] classes) => [.. order.Select(i => classes[i])];

        Assert.Equal(kappa, NominalAgreement.CohensKappa(Renamed(first), Renamed(second)), 1e-12);
        Assert.Equal(kappa, NominalAgreement.CohensKappa(second, first), 1e-12);
        Assert.Equal(kappa, NominalAgreement.CohensKappa(Reordered(first), Reordered(second)), 1e-12);
        Assert.Equal(alpha, NominalAgreement.KrippendorffsAlpha(Table(Renamed(first), Renamed(second)), 2), 1e-12);
        Assert.Equal(alpha, NominalAgreement.KrippendorffsAlpha(Table(second, first), 2), 1e-12);
        Assert.Equal(alpha, NominalAgreement.KrippendorffsAlpha(Table(Reordered(first), Reordered(second)), 2), 1e-12);
    }

    [Fact]
    public void Sums_of_parts_are_those_of_the_whole()
    {
        (int[] first, int[] second) = Random(60, classes: 3, seed: 4, missing: true);
        double[] Sum(Func<int, int, double[]> part) => [.. part(0, 25).Zip(part(25, 60), (a, b) => a + b)];
        Assert.Equal(NominalAgreement.CohensKappa(first, second), NominalAgreement.Kappa(Sum((from, to) => NominalAgreement.KappaSums(first.AsSpan(from, to - from), second.AsSpan(from, to - from), 3))), 1e-12);
        Assert.Equal(NominalAgreement.KrippendorffsAlpha(Table(first, second), 2), NominalAgreement.Alpha(Sum((from, to) => NominalAgreement.AlphaSums(Table(first[from..to], second[from..to]), 2, 3))), 1e-12);
    }

    [Fact]
    public void Where_there_is_nothing_to_tell_there_is_no_number()
    {
        Assert.True(double.IsNaN(NominalAgreement.CohensKappa([], [])));
        Assert.True(double.IsNaN(NominalAgreement.CohensKappa([1, 1], [1, 1])));
        Assert.True(double.IsNaN(NominalAgreement.CohensKappa([No, 1], [0, No])));
        Assert.True(double.IsNaN(NominalAgreement.KrippendorffsAlpha([], 2)));
        Assert.True(double.IsNaN(NominalAgreement.KrippendorffsAlpha([3, 3, 3, No], 2)));
        Assert.Equal(1, NominalAgreement.CohensKappa([0, 1, 0], [0, 1, 0]));
        Assert.Equal(1, NominalAgreement.KrippendorffsAlpha([0, 0, 1, 1], 2));
        Assert.Throws<ArgumentException>(() => NominalAgreement.CohensKappa([0], [0, 1]));
        Assert.Throws<ArgumentException>(() => NominalAgreement.KrippendorffsAlpha([0, 1, 1], 2));
    }

    private static int[] Classes(JsonElement array) => [.. array.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? No : value.GetInt32())];

    private static int[] Letters(string letters) => [.. letters.Select(letter => letter - 'a')];

    private static int[] Table(params int[][] raters) => [.. Enumerable.Range(0, raters[0].Length).SelectMany(thing => raters.Select(rater => rater[thing]))];

    private static (int[] First, int[] Second) Random(int n, int classes, int seed, bool missing)
    {
        var random = new Random(seed);
        int Draw() => missing && random.Next(8) == 0 ? No : random.Next(classes);
        int[] first = [.. Enumerable.Range(0, n).Select(_ => Draw())];
        return (first, [.. first.Select(c => random.Next(2) == 0 ? c : Draw())]);
    }
}
