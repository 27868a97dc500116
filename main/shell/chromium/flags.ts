// How the machine's Chromium is made a kiosk: flags for this start, and the managed policy file for what flags cannot forbid.

export type ChromiumSetting = {
  /** Folder for this run's profile; deleted afterwards. */
  profileDirectory: string;
  fullscreen: boolean;
  widthPx: number;
  heightPx: number;
  isHeadless?: boolean;
  /** Chromium refuses to run its sandbox as root: tests and demos only. */
  isRoot?: boolean;
  /** Demo only, e.g. a camera made of a file. */
  extraFlags?: readonly string[];
};

/** V8's: the page may ask for its garbage to be collected after a visit, and memory that is freed is cleared. */
export const forgettingFlags = ['--expose-gc', '--clear-free-memory'] as const;
/**
 * The host's process does not end with the visit. Its objects stay where they are: a part of the heap that was moved together would be
 * given back with the old copies in it.
 */
export const hostForgettingFlags = [...forgettingFlags, '--no-compact'] as const;

/** Without an address; the caller appends it. */
export const chromiumFlags = (setting: ChromiumSetting): string[] => [
  `--user-data-dir=${setting.profileDirectory}`,
  ...(setting.isHeadless ? ['--headless=new'] : []),
  ...(setting.fullscreen ? ['--kiosk', '--start-fullscreen'] : []),
  `--window-size=${setting.widthPx},${setting.heightPx}`,
  '--window-position=0,0',
  '--no-first-run',
  '--no-default-browser-check',
  '--noerrdialogs',
  '--disable-infobars',
  '--hide-crash-restore-bubble',
  '--disable-session-crashed-bubble',
  '--disable-pinch',
  '--overscroll-history-navigation=0',
  '--disable-component-update',
  '--disable-background-networking',
  '--disable-sync',
  '--disable-quic',
  '--disable-extensions',
  '--disable-print-preview',
  '--disable-dev-shm-usage',
  '--disk-cache-size=16777216',
  `--js-flags=${forgettingFlags.join(' ')}`,
  '--disable-features=BackForwardCache,Translate,MediaRouter,OptimizationHints,AutofillServerCommunication,InterestFeedContentSuggestions,DialMediaRouteProvider,TouchpadOverscrollHistoryNavigation',
  '--autoplay-policy=no-user-gesture-required',
  '--auto-accept-camera-and-microphone-capture',
  '--force-device-scale-factor=1',
  '--password-store=basic',
  ...(setting.isRoot ? ['--no-sandbox', '--test-type'] : []),
  ...(setting.extraFlags ?? []),
];

/** Chromium enterprise policies (managed): nothing but this machine's own page, no tools, no files, no prompts. */
export const chromiumPolicy = {
  URLBlocklist: ['*'],
  URLAllowlist: ['http://127.0.0.1', 'http://127.0.0.2'],
  DeveloperToolsAvailability: 2,
  RemoteDebuggingAllowed: false,
  IncognitoModeAvailability: 1,
  BrowserGuestModeEnabled: false,
  BrowserAddPersonEnabled: false,
  BrowserSignin: 0,
  SyncDisabled: true,
  DownloadRestrictions: 3,
  AllowFileSelectionDialogs: false,
  PrintingEnabled: false,
  DefaultPopupsSetting: 2,
  DefaultNotificationsSetting: 2,
  DefaultGeolocationSetting: 2,
  DefaultSerialGuardSetting: 2,
  DefaultWebHidGuardSetting: 2,
  DefaultWebUsbGuardSetting: 2,
  DefaultWebBluetoothGuardSetting: 2,
  DefaultFileSystemReadGuardSetting: 2,
  DefaultFileSystemWriteGuardSetting: 2,
  DefaultClipboardSetting: 2,
  AudioCaptureAllowed: false,
  VideoCaptureAllowed: false,
  VideoCaptureAllowedUrls: ['http://127.0.0.1', 'http://127.0.0.2'],
  PasswordManagerEnabled: false,
  AutofillAddressEnabled: false,
  AutofillCreditCardEnabled: false,
  SpellcheckEnabled: false,
  TranslateEnabled: false,
  SearchSuggestEnabled: false,
  DefaultSearchProviderEnabled: false,
  MetricsReportingEnabled: false,
  BackgroundModeEnabled: false,
  TaskManagerEndProcessEnabled: false,
  ExtensionInstallBlocklist: ['*'],
  BookmarkBarEnabled: false,
  EditBookmarksEnabled: false,
  SavingBrowserHistoryDisabled: true,
  ScreenCaptureAllowed: false,
  PromptForDownloadLocation: false,
  NetworkPredictionOptions: 2,
  ComponentUpdatesEnabled: false,
} as const;
