using System.Globalization;

namespace Keyhole.Engine.Models;

/// <summary>NaN or infinity came up in a forward pass; never a score.</summary>
public sealed class NotFiniteException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="layer">Layer, from 0.</param>
    /// <param name="text">Text of the batch.</param>
    public NotFiniteException(int layer, int text)
        : base(string.Create(CultureInfo.InvariantCulture, $"layer {layer}, text {text} of the batch: the forward pass gave NaN or infinity. The weights hold such values or overflow on this text."))
    {
        Layer = layer;
        Text = text;
    }

    /// <summary>Layer, from 0.</summary>
    public int Layer { get; }

    /// <summary>Text of the batch.</summary>
    public int Text { get; }
}
