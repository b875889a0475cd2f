namespace Keyhole.Studies;

/// <summary>What is special about a unit.</summary>
[Flags]
public enum UnitTraits : byte
{
    /// <summary>A whole unit.</summary>
    None = 0,

    /// <summary>A window of a unit that is longer than the model's context.</summary>
    Window = 1,

    /// <summary>A window that continues the unit before it.</summary>
    Continuation = 2,
}
