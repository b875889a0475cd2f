namespace Keyhole.Engine.Tests.Numerics.Reference;

/// <summary>Twin by a full sort.</summary>
internal static class TopK
{
    public static (int Index, float Value)[] Largest(float[] values, int k)
        => [.. Numbered(values).OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Index).Take(k)];

    public static (int Index, float Value)[] Smallest(float[] values, int k)
        => [.. Numbered(values).OrderBy(entry => entry.Value).ThenBy(entry => entry.Index).Take(k)];

    private static IEnumerable<(int Index, float Value)> Numbered(float[] values)
        => values.Select((value, index) => (index, value)).Where(entry => !float.IsNaN(entry.value));
}
