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
    /// <remarks>
    /// Inlined, as <see cref="StoreTail"/>, and without a call: a call in a kernel would make the compiler keep its running sums in memory,
    /// and rows of attention over short texts are mostly tail.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadTail(ReadOnlySpan<float> values, int index, float padding)
    {
        Vector512<float> lanes = Vector512.Create(padding);
        CopyTail(ref Unsafe.Add(ref MemoryMarshal.GetReference(values), (nuint)(uint)index), ref Unsafe.As<Vector512<float>, float>(ref lanes), values.Length - index);
        return lanes;
    }

    /// <summary>Stores the first lanes to the elements from <paramref name="index"/> to the end (fewer than sixteen).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreTail(Vector512<float> result, Span<float> values, int index)
    {
        Vector512<float> lanes = result;
        CopyTail(ref Unsafe.As<Vector512<float>, float>(ref lanes), ref Unsafe.Add(ref MemoryMarshal.GetReference(values), (nuint)(uint)index), values.Length - index);
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector512<float> lanes)
    {
        (Vector256<float> low8, Vector256<float> high8) = (lanes.GetLower(), lanes.GetUpper());
        Vector256<float> eight = Vector256.ConditionalSelect(Vector256.GreaterThan(high8, low8), high8, low8);
        (Vector128<float> low4, Vector128<float> high4) = (eight.GetLower(), eight.GetUpper());
        Vector128<float> four = Vector128.ConditionalSelect(Vector128.GreaterThan(high4, low4), high4, low4);
        Vector128<float> swapped = Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        Vector128<float> two = Vector128.ConditionalSelect(Vector128.GreaterThan(swapped, four), swapped, four);
        return two[1] > two[0] ? two[1] : two[0];
    }

    // Copies fewer than sixteen floats: 8, 4, 2 and 1 by the bits of the count.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyTail(ref float from, ref float to, int count)
    {
        nuint done = 0;
        if ((count & 8) != 0)
        {
            Vector256.LoadUnsafe(ref from).StoreUnsafe(ref to);
            done = 8;
        }

        if ((count & 4) != 0)
        {
            Vector128.LoadUnsafe(ref from, done).StoreUnsafe(ref to, done);
            done += 4;
        }

        if ((count & 2) != 0)
        {
            Vector64.LoadUnsafe(ref from, done).StoreUnsafe(ref to, done);
            done += 2;
        }

        if ((count & 1) != 0)
        {
            Unsafe.Add(ref to, done) = Unsafe.Add(ref from, done);
        }
    }
}
