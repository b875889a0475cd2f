using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Numerics;

/// <summary>One activation function on sixteen lanes; each lane depends on its own element alone.</summary>
internal interface IActivationKernel
{
    /// <summary>The function's value in each lane.</summary>
    static abstract Vector512<float> Invoke(Vector512<float> x);
}
