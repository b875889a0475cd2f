namespace Keyhole.Composition;

/// <summary>Texts that prefixes are taken from, in the order of their numbers.</summary>
internal abstract class PrefixTexts
{
    /// <summary>What the texts are called in messages.</summary>
    public abstract string Name { get; }

    /// <summary>Reads all texts.</summary>
    /// <param name="progress">Told the share that was read, or null.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="Engine.InputRefusedException">They cannot be read.</exception>
    public abstract IEnumerable<PrefixText> Read(IProgress<double>? progress, CancellationToken cancellation);

    /// <summary>Writes down what was read; call it after a whole reading.</summary>
    public abstract void Describe(IDictionary<string, string> options);
}
