namespace Keyhole.Web.Prompts;

/// <summary>A line of an answer that is generated: a step, the end, or an error that came after the beginning.</summary>
public sealed record GenerationAnswer
{
    /// <summary>The step, from 0; null on the last line.</summary>
    public int? Step { get; init; }

    /// <summary>The token without interventions; null where that text has ended.</summary>
    public GeneratedTokenAnswer? Plain { get; init; }

    /// <summary>The token with interventions; null where that text has ended, or there are none.</summary>
    public GeneratedTokenAnswer? Changed { get; init; }

    /// <summary>On the last line: what was generated, decoded as a whole.</summary>
    public GeneratedTexts? Texts { get; init; }

    /// <summary>On the last line: what went wrong.</summary>
    public Serving.ErrorDetail? Error { get; init; }
}

/// <summary>A token that was generated.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">Its text.</param>
/// <param name="Probability">Its probability.</param>
/// <param name="Ends">Whether it ends the text.</param>
public sealed record GeneratedTokenAnswer(int Id, string? Text, double Probability, bool Ends);

/// <summary>What was generated.</summary>
/// <param name="Plain">Without interventions.</param>
/// <param name="Changed">With them; null where there are none.</param>
public sealed record GeneratedTexts(string Plain, string? Changed);
