namespace Glissade.Learning.Training;

/// <summary>The memory of the compiled training step beside parameters, gradient, optimizer state and batch: values kept between its operations, scratch and constants.</summary>
/// <param name="StepBytes">Bytes of the step as it is.</param>
/// <param name="FloatBytes">Bytes that it would take with floats throughout.</param>
public readonly record struct TrainingMemory(long StepBytes, long FloatBytes);
