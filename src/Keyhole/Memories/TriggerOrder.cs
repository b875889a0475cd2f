namespace Keyhole.Memories;

/// <summary>The total order of triggers: |coefficient| descending (as float32), then unit, then position.</summary>
/// <remarks>Two triggers of one memory and pole never compare equal, so every top-k list is unique whatever the order of arrival.</remarks>
public sealed class TriggerOrder : IComparer<Trigger>
{
    private TriggerOrder()
    {
    }

    /// <summary>The one instance.</summary>
    public static TriggerOrder Instance { get; } = new();

    /// <summary>Negative where <paramref name="x"/> comes first (is the better trigger).</summary>
    /// <param name="x">A trigger with a finite coefficient.</param>
    /// <param name="y">A trigger with a finite coefficient.</param>
    public static int Compare(in Trigger x, in Trigger y)
    {
        int byCoefficient = MathF.Abs(y.Coefficient).CompareTo(MathF.Abs(x.Coefficient));
        if (byCoefficient != 0)
        {
            return byCoefficient;
        }

        int byUnit = x.Unit.CompareTo(y.Unit);
        return byUnit != 0 ? byUnit : x.Position.CompareTo(y.Position);
    }

    int IComparer<Trigger>.Compare(Trigger x, Trigger y) => Compare(in x, in y);
}
