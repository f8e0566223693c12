// Microphone and loudspeaker of one call. Started by a click: browsers ask for that.

const STATIC = "/line/phone/static";

export class Audio {
  async start(onFrame) {
    this.stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
    this.context = new AudioContext();
    await this.context.audioWorklet.addModule(`${STATIC}/capture-worklet.js`);
    await this.context.audioWorklet.addModule(`${STATIC}/playback-worklet.js`);
    await this.context.resume();
    const capture = new AudioWorkletNode(this.context, "capture", { numberOfOutputs: 0 });
    capture.port.onmessage = (event) => onFrame(event.data);
    this.context.createMediaStreamSource(this.stream).connect(capture);
    this.playback = new AudioWorkletNode(this.context, "playback", { numberOfInputs: 0 });
    this.playback.connect(this.context.destination);
  }

  play(samples) {
    this.playback?.port.postMessage(samples);
  }

  stop() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.context?.close();
    this.stream = this.context = this.playback = undefined;
  }
}

export function explain(error) {
  switch (error.name) {
    case "NotAllowedError":
      return "The browser does not let this page use the microphone. Allow it beside the address, then call again.";
    case "NotFoundError":
      return "No microphone was found. Connect one, then call again.";
    case "NotReadableError":
      return "The microphone is used by another program. Close that one, then call again.";
    default:
      return `The sound could not be started (${error.name}).`;
  }
}
