using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Numerics;

/// <summary>The sixteen virtual lanes on which every kernel is written, whatever the machine's real width.</summary>
/// <remarks>
/// Kernels are written once against <see cref="Vector512{T}"/>. Where the machine has no 512-bit registers the framework runs the same
/// operations on two 256-bit, four 128-bit or sixteen scalar halves, lane by lane, and each lane's operations are IEEE 754 operations with
/// one rounding: hence the same bits everywhere. Element i of a row belongs to lane i mod 16.
/// </remarks>
internal static class Lanes
{
    /// <summary>Number of virtual lanes.</summary>
    public const int Count = 16;

    /// <summary>Loads sixteen elements from <paramref name="index"/>; the caller has checked that they are there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ReadOnlySpan<float> values, int index)
        => Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)(uint)index);

    /// <summary>Stores sixteen elements from <paramref name="index"/>; the caller has checked that they are there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> lanes, Span<float> values, int index)
        => lanes.StoreUnsafe(ref MemoryMarshal.GetReference(values), (nuint)(uint)index);

    /// <summary>Loads the elements from <paramref name="index"/> to the end (fewer than sixteen) into the first lanes; the others get <paramref name="padding"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vector512<float> LoadTail(ReadOnlySpan<float> values, int index, float padding)
    {
        Span<float> lanes = stackalloc float[Count];
        lanes.Fill(padding);
        values[index..].CopyTo(lanes);
        return Vector512.Create<float>(lanes);
    }

    /// <summary>Stores the first lanes to the elements from <paramref name="index"/> to the end (fewer than sixteen).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void StoreTail(Vector512<float> result, Span<float> values, int index)
    {
        Span<float> lanes = stackalloc float[Count];
        result.CopyTo(lanes);
        lanes[..(values.Length - index)].CopyTo(values[index..]);
    }

    /// <summary>Adds the lanes by the fixed tree 16, 8, 4, 2, 1: lane j takes lane j + half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> lanes)
    {
        Vector256<float> eight = lanes.GetLower() + lanes.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        Vector128<float> two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        return two[0] + two[1];
    }

    /// <summary>Adds sixteen double lanes, held as two halves, by the same tree.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector512<double> lower, Vector512<double> upper)
    {
        Vector512<double> eight = lower + upper;
        Vector256<double> four = eight.GetLower() + eight.GetUpper();
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }

    /// <summary>Larger of two lanes: <paramref name="candidate"/> where it is greater, else <paramref name="best"/>. A NaN candidate never wins.</summary>
    /// <remarks>Written as compare and select because the minimum and maximum instructions of x86 and Arm differ on NaN and on signed zeros.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Max(Vector512<float> best, Vector512<float> candidate)
        => Vector512.ConditionalSelect(Vector512.GreaterThan(candidate, best), candidate, best);

    /// <summary>Largest lane, compared by the same tree as <see cref="Sum(Vector512{float})"/>.</summary>
    public static float Max(Vector512<float> lanes)
    {
        Span<float> values = stackalloc float[Count];
        lanes.CopyTo(values);
        for (int half = Count / 2; half > 0; half /= 2)
        {
            for (int j = 0; j < half; j++)
            {
                values[j] = values[j + half] > values[j] ? values[j + half] : values[j];
            }
        }

        return values[0];
    }
}
