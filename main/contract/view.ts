// What a citizen's screen shows. The host pushes one `View` whenever it changes; the page renders it and nothing else.
// All texts come in both languages; the page picks. Numbers of documents come masked.

import type { DevicePlace, FaultView } from './devices.ts';
import type { FormField, Material } from './catalogue.ts';
import type { Language, ScreenMode, Text } from './text.ts';

export type View = {
  /** Grows by one with each push. */
  revision: number;
  /** The visit that is shown; empty while nobody is here. When it ends the page begins afresh, so that nothing of it is left in memory. */
  visitKey: string;
  language: Language;
  mode: ScreenMode;
  hall: Text;
  /** Host's clock, milliseconds; the page keeps it running between pushes. */
  nowMs: number;
  isOnline: boolean;
  /** Cases and scans that still wait for the network. */
  waitingToSend: number;
  /** Where one is: `index` of `total` steps, for the step line. Absent where there are no steps. */
  progress?: { index: number; total: number; titles: Text[] };
  /** Set while nobody acts: at `wipeAtMs` everything is deleted. */
  idleWarning?: { wipeAtMs: number };
  /** A short message over any screen, e.g. that help was called. */
  toast?: { id: number; text: Text };
  /** Panel geometry, millimetres and pixels. */
  panel: { pxPerMm: number; orientation: 'portrait' | 'landscape' };
  /** Training and demo only: a panel to play the devices, shown in a drawer. */
  dockUrl?: string;
  screen: Screen;
};

export type ItemCard = {
  code: string;
  name: Text;
  official: Text;
  department: Text;
  picture: string;
  isBundle: boolean;
  unavailable?: Text;
};
export type SceneTile = { id: string; name: Text; picture: string; count: number };

/** Steps of coaching at a device: waiting → working → done → take it back. */
export type CoachPhase = 'waiting' | 'working' | 'done' | 'takeBack' | 'failed' | 'unavailable';
export type Coach = {
  phase: CoachPhase;
  place: DevicePlace;
  /** After 15 s without the act `hint`; after 40 s `otherWay`. */
  help: 'none' | 'hint' | 'otherWay';
  fault?: FaultView;
};

export type MaterialState = {
  material: Material;
  state: 'todo' | 'partly' | 'done';
  way?: 'library' | 'qr' | 'camera' | 'scanner';
  /** Pages captured so far; the picture comes from `materials.page`. */
  pages: { id: string; widthPx: number; heightPx: number }[];
  /** What the library or the code said, in words. */
  found?: Text;
};

/** How the page opens the document camera. What is absent is left to the camera. */
export type CameraWanted = {
  /** Part of its name. */
  labelHint?: string;
  /** `vvvv:pppp` in small letters, as Chromium writes it behind a camera’s name. */
  usbId?: string;
  widthPx?: number;
  heightPx?: number;
  /** Clockwise. */
  rotationDeg: 0 | 90 | 180 | 270;
  /** `auto`, or a value in the camera’s own scale; multiples of 100 µs; kelvin. */
  focus?: 'auto' | number;
  exposure?: 'auto' | number;
  whiteBalance?: 'auto' | number;
};

/** `waiting`: the printer is at work or stands still (`fault`); `unconfirmed`: nobody knows, so the screen asks. */
export type PrintState = {
  phase: 'printing' | 'printed' | 'unconfirmed' | 'failed' | 'skipped';
  fault?: FaultView;
  /** The same text that goes on paper, line by line. */
  preview: string[];
  copies: number;
};

export type Screen =
  | {
      type: 'attract';
      announcement?: Text;
      /** The biggest reasons to come; a tap starts there. */
      shortcuts: { kind: 'services' | 'queue' | 'locker' | 'progress'; name: Text; available: boolean; why?: Text }[];
      unavailable: { what: Text; why: Text }[];
      isNight: boolean;
    }
  | { type: 'welcome' }
  | {
      type: 'home';
      scenes: SceneTile[];
      popular: ItemCard[];
      /** Set while a search or a scene is open. */
      list?: { title: Text; query?: string; sceneId?: string; items: ItemCard[]; page: number; pages: number };
      queueAvailable: boolean;
      /**
       * Whether something can be collected here, and papers left by a code (`deposits`); `why` where the locker is out of order. Absent:
       * there is no locker.
       */
      pickUp?: { available: boolean; why?: Text; deposits: boolean };
    }
  | {
      type: 'guide';
      item: { code: string; name: Text; official: Text; isBundle: boolean };
      lead: Text;
      departments: Text[];
      needs: {
        name: Text;
        detail: Text;
        picture: string;
        way: Text;
        isHeld: boolean;
        required: boolean;
        pages: number;
        original: boolean;
      }[];
      conditions: Text[];
      nextSteps: Text[];
      result: Text;
      workingDays: number;
      atKioskMinutes: number;
      fee: { amountFen: number; note?: Text };
      /** `yes`: can be finished here and now; `later`: taken now, sent when the network is back; `no`: why, and what else. */
      here: { can: 'yes' | 'later' | 'no'; why?: Text };
    }
  | { type: 'identify'; coach: Coach; failure?: FaultView; person?: { name: string; number: string; address?: string } }
  | {
      type: 'form';
      title: Text;
      page: number;
      pages: number;
      fields: {
        field: FormField;
        value: string | number | boolean | null;
        error?: Text;
        /** Where the value came from, e.g. the card. */
        from?: Text;
        departments: Text[];
      }[];
      /** True once "next" was refused: every error of the page is shown at once. */
      showErrors: boolean;
    }
  | {
      type: 'materials';
      materials: MaterialState[];
      /** The material that is being handed over now; absent: the list is shown. */
      current?: {
        materialId: string;
        way: 'library' | 'qr' | 'camera' | 'scanner';
        coach: Coach;
        /** Scanner only. */
        percent?: number;
        /** What was wrong with the last try. */
        failure?: FaultView;
      };
      camera: { state: 'unknown' | 'ready' | 'missing' | 'denied' | 'lost'; wanted?: CameraWanted };
      canGoOn: boolean;
    }
  | {
      type: 'review';
      sections: { title: Text; page: number; rows: { label: Text; value: Text }[] }[];
      materials: { name: Text; how: Text }[];
    }
  | { type: 'sign'; digest: string; statement: Text; name: string; isSaving: boolean; failure?: FaultView }
  | {
      type: 'submit';
      phase: 'ready' | 'saving' | 'failed';
      failure?: FaultView;
      itemName: Text;
      willSendLater: boolean;
    }
  | {
      type: 'receipt';
      number: string;
      /** Arrives when the central platform took the case; the local number stays valid. */
      centralNumber?: string;
      state: 'savedHere' | 'sending' | 'received';
      qr: string;
      itemName: Text;
      submittedAtMs: number;
      nextSteps: Text[];
      askAt: Text;
      print: PrintState;
    }
  | {
      type: 'locker';
      /** `askOpen`, `askShut`: nobody but the person in front of the door can know. */
      phase: 'offer' | 'opening' | 'askOpen' | 'open' | 'askShut' | 'closed' | 'failed';
      cell?: string;
      pickUpCode?: string;
      place?: DevicePlace;
      originals: Text[];
      /** Papers that came by a code: the number that they belong to, and the slip with the pick-up code. */
      number?: string;
      print?: PrintState;
      failure?: FaultView;
    }
  | {
      type: 'rate';
      itemName?: Text;
      levels: { level: number; name: Text }[];
      reasons: { id: string; name: Text }[];
      padPlace?: DevicePlace;
    }
  | {
      type: 'goodbye';
      take: {
        what: 'card' | 'receipt' | 'originals' | 'ticket';
        state: 'taken' | 'remember' | 'stillThere';
        place?: DevicePlace;
      }[];
      receiptNumber?: string;
      rated: boolean;
      endsAtMs: number;
    }
  | {
      type: 'queue';
      businesses: {
        code: string;
        name: Text;
        prefix: string;
        ahead: number;
        waitMinutes?: number;
        open: boolean;
        why?: Text;
      }[];
      chosen?: string;
      priority: 'none' | 'elder' | 'disabled' | 'pregnant' | 'soldier';
      asOfMs?: number;
      /** Appointments' codes are taken here. */
      takesAppointments: boolean;
    }
  /** A signed code is shown to the reader; `deposits`: one by which papers are left is taken as well. */
  | { type: 'showToken'; purpose: 'appointment' | 'pickUp'; deposits: boolean; coach: Coach; failure?: FaultView }
  /** Originals, or a result of the centre's, are collected: the door opens, and shuts on an empty cell. */
  | {
      type: 'pickUp';
      phase: 'opening' | 'askOpen' | 'open' | 'askShut' | 'closed' | 'failed';
      what: 'originals' | 'result';
      /** What stands on the door. */
      cell: string;
      place: DevicePlace;
      papers: Text[];
      failure?: FaultView;
    }
  | {
      type: 'ticket';
      number: string;
      business: Text;
      ahead: number;
      waitMinutes?: number;
      priority: 'none' | 'elder' | 'disabled' | 'pregnant' | 'soldier' | 'appointment';
      place: Text;
      takenAtMs: number;
      print: PrintState;
    }
  /** The store cannot take anything more, or another fault of the machine itself. */
  | { type: 'outOfService'; fault: FaultView };

export type ScreenOf<T extends Screen['type']> = Extract<Screen, { type: T }>;
