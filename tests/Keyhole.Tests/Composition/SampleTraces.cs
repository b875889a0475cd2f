using Keyhole.Composition;

namespace Keyhole.Tests.Composition;

/// <summary>Traces made by hand.</summary>
internal static class SampleTraces
{
    /// <summary>A prefix of layers given as (top r, top y, top o); ids are its text's letters.</summary>
    public static PrefixTrace Of(int target, int tokens, params (int R, int Y, int O, bool Zero)[] layers) => new()
    {
        Unit = tokens,
        Position = tokens,
        Tokens = tokens,
        Target = target,
        Current = 1,
        Text = "text " + tokens,
        Layers = [.. layers.Select((layer, l) => new PrefixLayer
        {
            TopR = layer.R,
            TopY = layer.Y,
            TopO = layer.O,
            LinearTopR = layer.Y,
            LinearTopO = layer.O,
            ActiveShare = 0.25f * (l + 1),
            PositiveShare = 0.5f,
            ZeroAgreement = layer.Zero,
            ZeroAgreementOverAll = false,
            R = Reading(target, 7 - l),
        })],
        Output = Reading(target, 1),
    };

    public static StateReading Reading(int target, double rank)
        => new(target < 0 ? double.NaN : rank, target < 0 ? double.NaN : 1 / (rank + 2), rank / 2, 0.5, 3, 1.5) { ShuffledRank = target < 0 ? double.NaN : 9 };

    /// <summary>Random traces with every kind of gap.</summary>
    public static PrefixTrace[] Random(int count, int layers, int seed)
    {
        var random = new Random(seed);
        float Share() => random.Next(5) == 0 ? float.NaN : random.NextSingle();
        StateReading Any(bool target) => new(target ? random.Next(100) / 2.0 : double.NaN, target ? random.NextDouble() : double.NaN, random.Next(9), random.NextDouble(), random.Next(9), random.NextDouble())
        {
            ShuffledRank = random.Next(3) == 0 ? double.NaN : random.Next(50),
        };
        return [.. Enumerable.Range(0, count).Select(i => new PrefixTrace
        {
            Unit = random.Next(1000),
            Position = random.Next(1, 50),
            Tokens = random.Next(1, 50),
            Target = i % 4 == 0 ? -1 : random.Next(500),
            Current = random.Next(500),
            Text = "größe 🙂 \"" + i + "\"\n",
            Layers = [.. Enumerable.Range(0, layers).Select(_ => new PrefixLayer
            {
                TopR = random.Next(500),
                TopY = random.Next(500),
                TopO = random.Next(500),
                LinearTopR = random.Next(500),
                LinearTopO = random.Next(500),
                ActiveShare = Share(),
                PositiveShare = Share(),
                ZeroAgreement = random.Next(2) == 0,
                ZeroAgreementOverAll = random.Next(2) == 0,
                R = Any(i % 4 != 0),
            })],
            Output = Any(i % 4 != 0),
        })];
    }
}
