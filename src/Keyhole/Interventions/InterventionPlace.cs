namespace Keyhole.Interventions;

/// <summary>At which positions of a text an intervention works.</summary>
public enum InterventionPlace
{
    /// <summary>At every position, those of generated tokens too.</summary>
    All,

    /// <summary>At the last position of the text that was given; it stays there while tokens are generated.</summary>
    Last,

    /// <summary>At listed positions.</summary>
    Listed,
}
