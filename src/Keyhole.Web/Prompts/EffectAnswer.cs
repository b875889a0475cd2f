namespace Keyhole.Web.Prompts;

/// <summary>What interventions change at the position.</summary>
public sealed record EffectAnswer
{
    /// <summary>The interventions as they were made.</summary>
    public required IReadOnlyList<AppliedAnswer> Applied { get; init; }

    /// <summary>KL divergence of the final distributions, without from with, in nats.</summary>
    public required double Divergence { get; init; }

    /// <summary>The top tokens of both final distributions.</summary>
    public required IReadOnlyList<ShiftAnswer> Tokens { get; init; }

    /// <summary>The followed token.</summary>
    public required ShiftAnswer Chosen { get; init; }

    /// <summary>The layers with the interventions.</summary>
    public required IReadOnlyList<ChangedLayerAnswer> Layers { get; init; }

    /// <summary>The final distribution with them.</summary>
    public required StateAnswer Output { get; init; }
}

/// <summary>An intervention as it was made.</summary>
/// <param name="Text">As it is written in an address.</param>
/// <param name="Memory">The memory's name.</param>
/// <param name="Operation">What was done to m: set, scale or add.</param>
/// <param name="Value">With which number, worked out from the study where it is relative.</param>
/// <param name="Before">m at the position without any intervention; null where the position did not choose the memory's expert.</param>
/// <param name="After">m at the position with all of them.</param>
public sealed record AppliedAnswer(string Text, string Memory, string Operation, float Value, float? Before, float? After);

/// <summary>A token in the final distribution, without and with interventions. Ranks count from 0.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">Its text.</param>
/// <param name="Before">Its probability without.</param>
/// <param name="After">Its probability with.</param>
/// <param name="RankBefore">Its rank without.</param>
/// <param name="RankAfter">Its rank with.</param>
public sealed record ShiftAnswer(int Id, string? Text, double Before, double After, double RankBefore, double RankAfter);

/// <summary>A layer with interventions.</summary>
/// <param name="Step">Where its prediction comes from.</param>
/// <param name="R">The residual before the feed-forward layer's addition.</param>
/// <param name="Y">What it adds.</param>
/// <param name="O">The residual after it.</param>
public sealed record ChangedLayerAnswer(string Step, StateAnswer R, StateAnswer Y, StateAnswer O);
