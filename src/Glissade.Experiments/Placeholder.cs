namespace Glissade.Experiments;
