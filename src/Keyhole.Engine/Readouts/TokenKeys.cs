using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Readouts;

/// <summary>The best tokens so far, as numbers that order as (logit descending, token ascending) do: the logit's bits made to order as integers, above the token's complement.</summary>
internal static class TokenKeys
{
    /// <summary>Below every logit.</summary>
    public const long None = long.MinValue;

    /// <summary>The key of a token.</summary>
    /// <param name="logit">Its logit, not NaN; -0 counts as 0.</param>
    /// <param name="token">Its id.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Of(float logit, int token)
    {
        int bits = BitConverter.SingleToInt32Bits(logit + 0f);
        return ((long)(bits ^ ((bits >> 31) & int.MaxValue)) << 32) | (uint)~token;
    }

    /// <summary>The logit of a key; minus infinity for <see cref="None"/>.</summary>
    public static float Logit(long key)
    {
        int bits = (int)(key >> 32);
        return key == None ? float.NegativeInfinity : BitConverter.Int32BitsToSingle(bits ^ ((bits >> 31) & int.MaxValue));
    }

    /// <summary>The token of a key; -1 for <see cref="None"/>.</summary>
    public static int Token(long key) => key == None ? -1 : ~(int)(uint)key;

    /// <summary>Puts a key that is greater than the last one into its place; the last one goes.</summary>
    /// <param name="keys">Falling, at least one.</param>
    /// <param name="key">The key.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Insert(Span<long> keys, long key)
    {
        // How many stay before it: whole vectors first, as lists are mostly of 30.
        int place = 0;
        Vector256<long> keyed = Vector256.Create(key);
        while (place + Vector256<long>.Count < keys.Length)
        {
            uint greater = Vector256.GreaterThan(Vector256.LoadUnsafe(ref keys[place]), keyed).ExtractMostSignificantBits();
            place += System.Numerics.BitOperations.PopCount(greater);
            if (greater != 0b1111)
            {
                Shift(keys, place, key);
                return;
            }
        }

        while (keys[place] > key)
        {
            place++;
        }

        Shift(keys, place, key);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Shift(Span<long> keys, int place, long key)
    {
        keys[place..^1].CopyTo(keys[(place + 1)..]);
        keys[place] = key;
    }
}
