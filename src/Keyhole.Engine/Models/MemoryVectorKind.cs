namespace Keyhole.Engine.Models;

/// <summary>The vectors that a memory has.</summary>
public enum MemoryVectorKind
{
    /// <summary>k_i; of a gated layer that of the linear part, U_i.</summary>
    Key,

    /// <summary>G_i; gated layers alone have it.</summary>
    GateKey,

    /// <summary>v_i.</summary>
    Value,
}
