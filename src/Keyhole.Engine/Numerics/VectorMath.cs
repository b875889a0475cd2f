using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Numerics;

/// <summary>Transcendental functions on sixteen lanes, from IEEE operations only (no estimate instructions), so that every machine gives the same bits.</summary>
/// <remarks>
/// The polynomials are minimax fits made for this project by the Remez exchange; the error of each, before rounding, stands beside it.
/// Constants are floats: the shortest decimal that reads back as the same float. Payload and sign of a NaN are not specified.
/// </remarks>
internal static class VectorMath
{
    // Adding 1.5 * 2^23 rounds a float of magnitude below 2^22 to the nearest integer, ties to even, and leaves that integer in the low bits.
    private const float RoundingBias = 12582912f;
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts; the first has 16 significant bits, so that its product with an exponent (at most 8 bits) is exact.
    private const float Ln2High = 0.693145752f;
    private const float Ln2Low = 1.42860677e-6f;

    /// <summary>e^x within 1 ulp over the whole range: infinity above 88.72, subnormals below -87.33, 0 below -103.97; NaN gives NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // Beyond these limits the result is infinity or 0 anyway. NaN fails both comparisons and passes through.
        x = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(89f)), Vector512.Create(89f), x);
        x = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(-104f)), Vector512.Create(-104f), x);

        // x = n ln 2 + r, |r| <= ln 2 / 2
        Vector512<float> biased = Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2E), Vector512.Create(RoundingBias));
        Vector512<float> n = biased - Vector512.Create(RoundingBias);
        Vector512<float> r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2High), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Low), r);

        // e^r = 1 + (r + r^2 p(r)), relative error 3.1e-9
        Vector512<float> p = Vector512.FusedMultiplyAdd(r, Vector512.Create(0.00138144335f), Vector512.Create(0.00836879667f));
        p = Vector512.FusedMultiplyAdd(r, p, Vector512.Create(0.0416683964f));
        p = Vector512.FusedMultiplyAdd(r, p, Vector512.Create(0.166665196f));
        p = Vector512.FusedMultiplyAdd(r, p, Vector512.Create(0.49999994f));
        p = Vector512.FusedMultiplyAdd(r * r, p, r) + Vector512<float>.One;

        // times 2^n in two exact-or-last steps, because 2^n itself may be out of range: -150 <= n <= 128
        Vector512<int> exponent = biased.AsInt32() - Vector512.Create(RoundingBias).AsInt32();
        Vector512<int> half = exponent >> 1;
        return p * PowerOfTwo(half) * PowerOfTwo(exponent - half);
    }

    /// <summary>1 / (1 + e^-x) within 3 ulp, without cancellation or overflow on either side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x)
    {
        Vector512<float> e = Exp(-Vector512.Abs(x));
        Vector512<float> numerator = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), e, Vector512<float>.One);
        return numerator / (Vector512<float>.One + e);
    }

    /// <summary>tanh x within 3 ulp; keeps the sign of zero and small arguments.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        // |x| < 0.625: x + x^3 p(x^2), relative error 4.4e-9
        Vector512<float> square = x * x;
        Vector512<float> p = Vector512.FusedMultiplyAdd(square, Vector512.Create(-0.00570498733f), Vector512.Create(0.020639088f));
        p = Vector512.FusedMultiplyAdd(square, p, Vector512.Create(-0.0537397154f));
        p = Vector512.FusedMultiplyAdd(square, p, Vector512.Create(0.133314416f));
        p = Vector512.FusedMultiplyAdd(square, p, Vector512.Create(-0.333332807f));
        Vector512<float> small = Vector512.FusedMultiplyAdd(x * square, p, x);

        // else 1 - 2e / (1 + e), e = exp(-2|x|), with the sign of x
        Vector512<float> magnitude = Vector512.Abs(x);
        Vector512<float> e = Exp(magnitude * Vector512.Create(-2f));
        Vector512<float> large = Vector512<float>.One - (e + e) / (Vector512<float>.One + e);
        Vector512<float> sign = x & Vector512.Create(-0f);
        return Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(0.625f)), small, large) | sign;
    }

    /// <summary>Distribution function of the standard normal, (1 + erf(x / sqrt 2)) / 2, within 6 ulp on both sides: the left tail does not cancel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> NormalCdf(Vector512<float> x)
    {
        Vector512<float> a = Vector512.Abs(x);
        a = Vector512.ConditionalSelect(Vector512.GreaterThan(a, Vector512.Create(14.5f)), Vector512.Create(14.5f), a);
        Vector512<float> square = a * a;

        // |x| < 1: 1/2 + x r(x^2), error of the tail 5.1e-10
        Vector512<float> r = Vector512.FusedMultiplyAdd(square, Vector512.Create(-7.4628947e-06f), Vector512.Create(0.000112952177f));
        r = Vector512.FusedMultiplyAdd(square, r, Vector512.Create(-0.00118578493f));
        r = Vector512.FusedMultiplyAdd(square, r, Vector512.Create(0.00997307803f));
        r = Vector512.FusedMultiplyAdd(square, r, Vector512.Create(-0.0664903149f));
        r = Vector512.FusedMultiplyAdd(square, r, Vector512.Create(0.398942292f));
        Vector512<float> middle = Vector512.FusedMultiplyAdd(x, r, Vector512.Create(0.5f));

        // else the left tail is exp(-a^2/2) q(a), 0 from 14.5 on; q(a) = t p(t), t = 1 / (1 + 0.3 a), relative error 4.7e-9 on [1, 14.5]
        Vector512<float> t = Vector512<float>.One / Vector512.FusedMultiplyAdd(a, Vector512.Create(0.3f), Vector512<float>.One);
        Vector512<float> p = Vector512.FusedMultiplyAdd(t, Vector512.Create(0.025278287f), Vector512.Create(-0.0686164722f));
        p = Vector512.FusedMultiplyAdd(t, p, Vector512.Create(0.0258862656f));
        p = Vector512.FusedMultiplyAdd(t, p, Vector512.Create(0.028268056f));
        p = Vector512.FusedMultiplyAdd(t, p, Vector512.Create(0.0509590805f));
        p = Vector512.FusedMultiplyAdd(t, p, Vector512.Create(0.0906363949f));
        p = Vector512.FusedMultiplyAdd(t, p, Vector512.Create(0.10817185f));
        p = Vector512.FusedMultiplyAdd(t, p, Vector512.Create(0.119767897f));
        p = Vector512.FusedMultiplyAdd(t, p, Vector512.Create(0.119678684f));

        // a^2 = square + rest exactly; e^(-(square + rest)/2) = e^(-square/2) (1 - rest/2), as rest is tiny
        Vector512<float> rest = Vector512.FusedMultiplyAdd(a, a, -square);
        Vector512<float> e = Exp(square * Vector512.Create(-0.5f));
        Vector512<float> tail = t * p * Vector512.FusedMultiplyAdd(e, rest * Vector512.Create(-0.5f), e);
        Vector512<float> outer = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), tail, Vector512<float>.One - tail);
        return Vector512.ConditionalSelect(Vector512.LessThan(a, Vector512<float>.One), middle, outer);
    }

    /// <summary>2^n as a float, for -126 &lt;= n &lt;= 127.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> PowerOfTwo(Vector512<int> n) => ((n + Vector512.Create(127)) << 23).AsSingle();
}
