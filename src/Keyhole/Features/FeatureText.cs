using Keyhole.Studies;

namespace Keyhole.Features;

/// <summary>A text of the sample.</summary>
/// <param name="Unit">The study's unit.</param>
/// <param name="First">Its first candidate position.</param>
/// <param name="Count">Its candidate positions, which follow each other.</param>
/// <param name="Start">Where they begin among the positions of the sample.</param>
internal sealed record FeatureText(StudyUnit Unit, int First, int Count, int Start);
