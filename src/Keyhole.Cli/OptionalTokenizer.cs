using Keyhole.Engine;
using Keyhole.Engine.Tokens;

namespace Keyhole.Cli;

/// <summary>The tokenizer of a model that can be used without one.</summary>
internal static class OptionalTokenizer
{
    /// <summary>The tokenizer; null where there is none that can be read, which is said and is no error.</summary>
    /// <param name="model">The model's path.</param>
    /// <param name="say">Told why there is none.</param>
    public static Tokenizer? Load(string model, Action<string> say)
    {
        try
        {
            return TokenizerLoader.Load(model);
        }
        catch (InputRefusedException refused)
        {
            say($"no tokenizer: {refused.Code}: {refused.Message}");
            return null;
        }
    }
}
