namespace Keyhole.Engine.Tokens.Text;

/// <summary>Unicode's four normalisation forms.</summary>
internal enum NormalForm
{
    C,
    D,
    KC,
    KD,
}
