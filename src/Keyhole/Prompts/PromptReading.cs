namespace Keyhole.Prompts;

/// <summary>Ranks (from 0, ties at their mean) and probabilities in one residual state by the <c>model</c> readout; NaN where the prompt has no such token.</summary>
/// <param name="Top">The state's top token.</param>
/// <param name="AnswerRank">Of the answer.</param>
/// <param name="AnswerProbability">Of the answer.</param>
/// <param name="CompetitorRank">Best rank of a competitor.</param>
/// <param name="CompetitorProbability">Sum over the competitors.</param>
/// <param name="AssociateRank">Best rank of an associate.</param>
/// <param name="AssociateProbability">Sum over the associates.</param>
/// <param name="CurrentRank">Of the prompt's last token.</param>
/// <param name="CurrentProbability">Of the prompt's last token.</param>
/// <param name="SubjectRank">Of the subject's first token.</param>
/// <param name="SubjectProbability">Of the subject's first token.</param>
/// <param name="ShuffledRank">Of the answer of another prompt of the set, paired at random.</param>
/// <param name="ShuffledProbability">Of that answer.</param>
/// <param name="Entropy">In nats.</param>
public readonly record struct PromptReading(
    int Top,
    double AnswerRank,
    double AnswerProbability,
    double CompetitorRank,
    double CompetitorProbability,
    double AssociateRank,
    double AssociateProbability,
    double CurrentRank,
    double CurrentProbability,
    double SubjectRank,
    double SubjectProbability,
    double ShuffledRank,
    double ShuffledProbability,
    double Entropy);
