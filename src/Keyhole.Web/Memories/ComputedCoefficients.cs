using Keyhole.Corpora;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.Web.Serving;
using Microsoft.AspNetCore.Http;

namespace Keyhole.Web.Memories;

/// <summary>Computes the coefficients of a memory on texts, those that were computed a moment ago apart.</summary>
internal sealed class ComputedCoefficients(ModelRunner models, MemoryCaches caches)
{
    /// <summary>Texts of the study: all that are not known go through one packed pass.</summary>
    /// <exception cref="RequestRefusedException">KH7202, KH7203: what is asked for.</exception>
    public async Task<CoefficientsAnswer> Of(Study study, NeuronId id, IReadOnlyList<TextRange> texts, CancellationToken aborted)
    {
        Dictionary<int, int> wanted = [];   // tokens of each unit, from its first on
        foreach (TextRange text in Checked(study, texts))
        {
            wanted[text.Unit] = Math.Max(text.To, wanted.GetValueOrDefault(text.Unit));
        }

        if (wanted.Count > 1 && wanted.Values.Sum(tokens => (long)tokens) > MemoryLimits.Tokens)
        {
            throw new RequestRefusedException(StatusCodes.Status400BadRequest, "KH7202", $"These texts have more than {MemoryLimits.Tokens} tokens together: ask for fewer at once.");
        }

        var known = new Dictionary<int, float[]>();
        foreach ((int unit, int tokens) in wanted)
        {
            if (caches.Coefficients.TryGet((id, unit), out float[]? values) && values.Length >= tokens)
            {
                known.Add(unit, values);
            }
        }

        int[] unknown = [.. wanted.Keys.Where(unit => !known.ContainsKey(unit)).Order()];
        if (unknown.Length > 0)
        {
            ReadOnlyMemory<int>[] tokens = [.. unknown.Select(unit => study.Unit(unit).Tokens.AsMemory()[..wanted[unit]])];
            float[][] computed = await models.Run((model, stop) => CoefficientTrace.Run(model.Pass, model.Model.Spec, id, tokens, stop), aborted);
            for (int i = 0; i < unknown.Length; i++)
            {
                known.Add(unknown[i], computed[i]);
                caches.Coefficients.Keep((id, unknown[i]), computed[i]);
            }
        }

        return new CoefficientsAnswer([.. texts.Select(text => new TextCoefficients(text.Unit, text.From, known[text.Unit][text.From..text.To]))]);
    }

    /// <summary>A text of one's own.</summary>
    /// <exception cref="RequestRefusedException">KH7204: it is too long.</exception>
    public Task<OwnAnswer> Of(StudyPool studies, NeuronId id, string text, CancellationToken aborted)
    {
        if (text.Length > MemoryLimits.OwnCharacters)
        {
            throw new RequestRefusedException(StatusCodes.Status400BadRequest, "KH7204", $"The text has {text.Length} characters where at most {MemoryLimits.OwnCharacters} are taken.");
        }

        return models.Run(
            (model, stop) =>
            {
                int most = Math.Min(MemoryLimits.OwnTokens, model.Model.Spec.ContextLength);
                IReadOnlyList<TokenisedText> windows = new UnitTokenizer(model.Tokenizer, model.Bos, most).Encode(new TextUnit(0, 0, 0, text));
                if (windows.Count == 0)
                {
                    return new OwnAnswer([], [], []);
                }

                if (windows.Count > 1)
                {
                    throw new RequestRefusedException(StatusCodes.Status400BadRequest, "KH7204", $"The text has more than {most} tokens, which is the most that is taken.");
                }

                StudyUnit unit = windows[0].ToStudyUnit(0);
                float[] values = CoefficientTrace.Run(model.Pass, model.Model.Spec, id, [unit.Tokens.AsMemory()], stop)[0];
                using StudyLease lease = studies.Rent();
                return new OwnAnswer(ShownTexts.Tokens(lease.Study, unit), unit.Tokens, values);
            },
            aborted);
    }

    private static IReadOnlyList<TextRange> Checked(Study study, IReadOnlyList<TextRange> texts)
    {
        if (texts.Count is 0 or > MemoryLimits.Texts)
        {
            throw new RequestRefusedException(StatusCodes.Status400BadRequest, "KH7202", $"A request names 1 to {MemoryLimits.Texts} texts.");
        }

        foreach (TextRange text in texts)
        {
            StudyUnit? unit = text is not null && text.Unit >= 0 ? study.UnitOrNull(text.Unit) : null;
            if (unit is null)
            {
                throw new RequestRefusedException(StatusCodes.Status400BadRequest, "KH7203", "The study has no text of one of these numbers.");
            }

            if (text!.From < 0 || text.To <= text.From || text.To > unit.Tokens.Length)
            {
                throw new RequestRefusedException(StatusCodes.Status400BadRequest, "KH7203", $"Text {unit.Index} has {unit.Tokens.Length} tokens: from and to must lie among them, from before to.");
            }
        }

        return texts;
    }
}
